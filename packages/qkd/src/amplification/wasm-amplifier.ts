/** Amplification in WebAssembly, some ten times as fast as in TypeScript. */
import { type Amplifier, checkSizes } from './amplifier.ts'
import { toeplitzProduct } from './toeplitz-product.ts'
import { moduleBytes } from './wasm/module.ts'
import { type BlockExports, WasmBlocks } from './wasm-blocks.ts'

/** The part of the platform's WebAssembly that is used; no library of types for it goes with plain ECMAScript. */
interface WebAssemblyPort {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean
  compile(bytes: Uint8Array<ArrayBuffer>): Promise<object>
  Instance: new (module: object) => { readonly exports: unknown }
}

/**
 * Compiles the module, for which a page's or worker's Content-Security-Policy has to allow 'wasm-unsafe-eval'.
 *
 * @returns undefined where WebAssembly or its vectors are missing or the policy forbids them: use typescriptAmplifier
 */
export async function loadWasmAmplifier(): Promise<Amplifier | undefined> {
  const platform = (globalThis as { WebAssembly?: WebAssemblyPort }).WebAssembly
  const bytes = platform && [true, false].map(moduleBytes).find((candidate) => platform.validate(candidate))
  if (!platform || !bytes) return undefined
  try {
    const module = await platform.compile(bytes)
    return wasmAmplifier(() => new platform.Instance(module).exports as BlockExports)
  } catch {
    return undefined
  }
}

function wasmAmplifier(instantiate: () => BlockExports): Amplifier {
  const blocks = new WasmBlocks(instantiate)
  return {
    name: 'wasm',
    amplify(input, inputBits, seed, outputBits) {
      checkSizes(input, inputBits, seed, outputBits)
      return toeplitzProduct(blocks, input, inputBits, seed, outputBits)
    },
  }
}
