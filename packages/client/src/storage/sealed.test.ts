import { describe, expect, it } from 'vitest'
import { nodeRandom } from '../node.ts'
import { openMemoryStorage } from './memory.ts'
import { importDataKey, sealStorage } from './sealed.ts'
import { bytes, put, refused } from './storage.contract.ts'

async function sealedPair() {
  const inner = openMemoryStorage()
  const key = await importDataKey(nodeRandom(32))
  return { inner, key, sealed: sealStorage(inner, { name: 'one', key, random: nodeRandom }) }
}

describe('sealed storage', () => {
  it('[ST16] no value stands beneath in clear, and equal values look different', async () => {
    const { inner, sealed } = await sealedPair()
    const marker = new TextEncoder().encode('MARKER of a secret value')
    await sealed.apply([put('a', marker), put('b', marker)])
    const [a, b] = (await inner.list('')).map(({ value }) => Buffer.from(value))
    expect(a?.includes('MARKER')).toBe(false)
    expect(a?.equals(b!)).toBe(false)
    expect(await sealed.get('a')).toEqual(marker)
  })

  it('[ST17] a value with any one byte changed, cut or added is damaged, by get and by list', async () => {
    const { inner, sealed } = await sealedPair()
    await sealed.apply([put('a', bytes(1, 2, 3))])
    const good = (await inner.get('a'))!
    for (let i = 0; i < good.length; i++) {
      await inner.apply([put('a', good.with(i, good[i]! ^ 1))])
      await refused('damaged', sealed.get('a'))
    }
    for (const bad of [bytes(), good.slice(0, 28), good.slice(0, -1), Uint8Array.from([...good, 0])]) {
      await inner.apply([put('a', bad)])
      await refused('damaged', sealed.get('a'))
      await refused('damaged', sealed.list(''))
    }
    await inner.apply([put('a', good)])
    expect(await sealed.get('a')).toEqual(bytes(1, 2, 3))
  })

  it('[ST18] a value does not open under another key of entries, in another storage, or by another data key', async () => {
    const { inner, key, sealed } = await sealedPair()
    await sealed.apply([put('a', bytes(1)), put('b', bytes(2))])
    await inner.apply([put('b', (await inner.get('a'))!)])
    await refused('damaged', sealed.get('b'))
    await refused('damaged', sealStorage(inner, { name: 'two', key, random: nodeRandom }).get('a'))
    const other = await importDataKey(nodeRandom(32))
    await refused('damaged', sealStorage(inner, { name: 'one', key: other, random: nodeRandom }).get('a'))
    expect(await sealed.get('a')).toEqual(bytes(1))
  })

  it('[ST19] the data key cannot be exported, and one of another length is refused', async () => {
    const key = await importDataKey(nodeRandom(32))
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
    await refused('damaged', importDataKey(nodeRandom(16)))
  })

  it('[ST20] a failed apply is reported to its caller alone; later ones go on in order', async () => {
    const { inner, sealed } = await sealedPair()
    inner.failNextApply('full')
    const first = sealed.apply([put('a', bytes(1))])
    const second = sealed.apply([put('a', bytes(2))])
    await refused('full', first)
    await second
    expect(await sealed.get('a')).toEqual(bytes(2))
  })

  it('[ST21] every write has a fresh nonce, also of the same value under the same key', async () => {
    const { inner, sealed } = await sealedPair()
    const nonces = new Set<string>()
    for (let i = 0; i < 200; i++) {
      await sealed.apply([put('a', bytes(1))])
      nonces.add((await inner.get('a'))!.slice(1, 13).toString())
    }
    expect(nonces.size).toBe(200)
  })
})
