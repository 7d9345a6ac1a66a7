/** Amplification that runs everywhere. */
import { type Amplifier, checkSizes } from './amplifier.ts'
import { toeplitzProduct } from './toeplitz-product.ts'
import { TypescriptBlocks } from './typescript-blocks.ts'

export const typescriptAmplifier: Amplifier = {
  name: 'typescript',
  amplify(input, inputBits, seed, outputBits) {
    checkSizes(input, inputBits, seed, outputBits)
    return toeplitzProduct(new TypescriptBlocks(), input, inputBits, seed, outputBits)
  },
}
