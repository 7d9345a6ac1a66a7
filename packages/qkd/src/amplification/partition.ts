/**
 * How a Toeplitz product is cut for blocks of 65,536 coefficients.
 *
 * A times R means: A bytes of input times A + R bytes of seed give R bytes of output. The product has coefficients up
 * to 2 A + R - 2; modulo x^65536 + x those from 65,536 on fall back on 1, 2, ..., below A - 1 while A + R < 65,536. So
 * the coefficients A - 1 .. A + R - 1, whose bytes A .. A + R - 1 are wanted, stay as they are.
 */
export interface Partition {
  inputBlockBytes: number
  outputBlockBytes: number
  inputs: number
  outputs: number
}

const longestSegment = 65535

export function partition(inputBytes: number, outputBytes: number): Partition {
  const square = cut(inputBytes, outputBytes, longestSegment >> 1, longestSegment >> 1)
  const oneInput = cut(inputBytes, outputBytes, inputBytes, longestSegment - inputBytes)
  const oneOutput = cut(inputBytes, outputBytes, longestSegment - outputBytes, outputBytes)
  return [oneInput, oneOutput].reduce((best, other) => {
    const fits = other.inputBlockBytes > 0 && other.outputBlockBytes > 0
    return fits && transforms(other) < transforms(best) ? other : best
  }, square)
}

/**
 * Where in the seed the segment begins that takes input block i to output block k; it is one segment for all pairs with
 * the same k - i, because the blocks have one size or there is one block on one side.
 */
export function segmentStart(cutting: Partition, inputBytes: number, diagonal: number): number {
  const { inputBlockBytes, outputBlockBytes } = cutting
  return inputBytes - 1 - inputBlockBytes + diagonal * (diagonal > 0 ? outputBlockBytes : inputBlockBytes)
}

function cut(inputBytes: number, outputBytes: number, inputBlockBytes: number, outputBlockBytes: number): Partition {
  const inputs = Math.ceil(inputBytes / inputBlockBytes)
  return { inputBlockBytes, outputBlockBytes, inputs, outputs: Math.ceil(outputBytes / outputBlockBytes) }
}

// Every input, every diagonal, every output.
function transforms({ inputs, outputs }: Partition): number {
  return 2 * (inputs + outputs) - 1
}
