/** Rows of the Toeplitz product as its definition has them, y_j = XOR over i of x_i s_(n-1+j-i): slow, and simple. */

const rowsChecked = 64

/** Whether the first, the last and 62 other rows of `output` are right. */
export function fitsRows(x: Uint8Array, n: number, s: Uint8Array, m: number, output: Uint8Array): boolean {
  const backwards = reversed(x, n)
  for (let k = 0; k < Math.min(rowsChecked, m); k++) {
    const j = k === 0 ? 0 : k === 1 ? m - 1 : Math.floor(Math.random() * m)
    if (row(backwards, n, s, j) !== bitAt(output, j)) return false
  }
  return true
}

/** With x' = x backwards, y_j is the parity of x' AND the window of s from bit j on. */
function row(backwards: Uint8Array, n: number, s: Uint8Array, j: number): number {
  const from = j >> 3
  const shift = j & 7
  const bytes = (n + 7) >> 3
  let folded = 0
  for (let b = 0; b < bytes; b++) {
    const window = (s[from + b]! | ((s[from + b + 1] ?? 0) << 8)) >> shift
    folded ^= backwards[b]! & window
  }
  folded ^= folded >> 4
  return (0x6996 >> (folded & 15)) & 1
}

function reversed(x: Uint8Array, n: number): Uint8Array {
  const backwards = new Uint8Array((n + 7) >> 3)
  for (let i = 0; i < n; i++) if (bitAt(x, i)) backwards[(n - 1 - i) >> 3]! |= 1 << ((n - 1 - i) & 7)
  return backwards
}

function bitAt(packed: Uint8Array, index: number): number {
  return (packed[index >> 3]! >> (index & 7)) & 1
}
