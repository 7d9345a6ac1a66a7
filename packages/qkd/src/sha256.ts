/** SHA-256 (FIPS 180-4), for the commitments and public seeds of a run. No key is ever derived with it here. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  let messageBytes = 0
  for (const part of parts) messageBytes += part.length
  const padded = new Uint8Array(((messageBytes + 8) >> 6) * 64 + 64)
  let at = 0
  for (const part of parts) {
    padded.set(part, at)
    at += part.length
  }
  padded[at] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(messageBytes / 536870912))
  view.setUint32(padded.length - 4, (messageBytes << 3) >>> 0)

  const state = Uint32Array.from(initial)
  const schedule = new Uint32Array(64)
  for (let block = 0; block < padded.length; block += 64) compress(state, schedule, view, block)

  const digest = new Uint8Array(32)
  const out = new DataView(digest.buffer)
  state.forEach((word, i) => {
    out.setUint32(4 * i, word)
  })
  padded.fill(0)
  return digest
}

function compress(state: Uint32Array, w: Uint32Array, view: DataView, block: number): void {
  for (let i = 0; i < 16; i++) w[i] = view.getUint32(block + 4 * i)
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!
    const y = w[i - 2]!
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
    w[i] = w[i - 16]! + s0 + w[i - 7]! + s1
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + constants[i]! + w[i]!) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  const sums = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i++) state[i] = state[i]! + sums[i]!
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

const primes: number[] = []
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p !== 0)) primes.push(n)

// First 32 bits of the fractional parts of the roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3), found by
// whole-number search so that they hang on no engine's Math.cbrt.
const initial = Uint32Array.from(primes.slice(0, 8), (p) => fractionOfRoot(BigInt(p), 2))
const constants = Uint32Array.from(primes, (p) => fractionOfRoot(BigInt(p), 3))

function fractionOfRoot(prime: bigint, degree: 2 | 3): number {
  const scaled = prime << BigInt(32 * degree)
  let root = 0n
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) {
    const tried = root | bit
    if (tried ** BigInt(degree) <= scaled) root = tried
  }
  return Number(root & 0xffffffffn)
}
