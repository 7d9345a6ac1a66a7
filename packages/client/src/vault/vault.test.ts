/** Recovery codes, stretching and key boxes. */
import { argon2id } from '@noble/hashes/argon2.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeRandom } from '../node.ts'
import { doorsOf, openKeyBox, sealKeyBox } from './key-box.ts'
import {
  formatRecoveryCode,
  newRecoverySecret,
  parseRecoveryCode,
  type RecoverySecret,
  sameRecoverySecret,
} from './recovery-code.ts'
import { stretchInNode } from './stretch.node.ts'
import { isLongEnough, isSoundCost, passphraseBytes, type StretchCost, usualCost } from './stretch.ts'

const least: StretchCost = { memoryKiB: 19 * 1024, passes: 2, lanes: 1 }
const passphrase = 'correct horse battery staple'

describe('a recovery code', () => {
  it('[AR1] has 128 bits and comes back however people type it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const secret = bytes.slice() as RecoverySecret
        const code = formatRecoveryCode(secret)
        expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/)
        for (const typed of [code, code.toLowerCase(), code.replaceAll('-', ' '), code.replaceAll('-', '')]) {
          expect(parseRecoveryCode(typed)).toEqual(bytes)
        }
        expect(parseRecoveryCode(code.replaceAll('0', 'o').replaceAll('1', 'l'))).toEqual(bytes)
      }),
    )
    expect(sameRecoverySecret(newRecoverySecret(nodeRandom), newRecoverySecret(nodeRandom))).toBe(false)
  })

  it('[AR2] shows a slip of the pen: of all single wrong characters fewer than one in a thousand pass', () => {
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
    let passed = 0
    let tried = 0
    for (let n = 0; n < 20; n++) {
      const code = formatRecoveryCode(newRecoverySecret(nodeRandom)).replaceAll('-', '')
      for (let at = 0; at < code.length; at++) {
        for (const wrong of alphabet) {
          if (wrong === code[at]) continue
          tried++
          if (parseRecoveryCode(code.slice(0, at) + wrong + code.slice(at + 1))) passed++
        }
      }
      expect(parseRecoveryCode(code.slice(1))).toBeUndefined()
      expect(parseRecoveryCode(`${code}0`)).toBeUndefined()
      expect(parseRecoveryCode(`U${code.slice(1)}`)).toBeUndefined()
    }
    expect(passed / tried).toBeLessThan(0.001)
  })
})

describe('a passphrase', () => {
  it('[AR3] is stretched by Argon2id alike in JavaScript and by OpenSSL, and one spelling stands for all', async () => {
    const salt = new Uint8Array(16).fill(7)
    const bytes = passphraseBytes(passphrase)
    const native = await stretchInNode(bytes, salt, least)
    expect(native).toEqual(argon2id(bytes, salt, { m: least.memoryKiB, t: least.passes, p: least.lanes, dkLen: 32 }))
    // é as one character and as two.
    expect(passphraseBytes('caf\u00e9')).toEqual(passphraseBytes('cafe\u0301'))
    expect(isLongEnough('nine char')).toBe(false)
    expect(isLongEnough('ten chars!')).toBe(true)
  })

  it('[AR4] costs 64 MiB and 3 passes by default, and never less than 19 MiB and 2, nor so much that it stops a machine', () => {
    expect(usualCost).toEqual({ memoryKiB: 65_536, passes: 3, lanes: 1 })
    expect([usualCost, least].map(isSoundCost)).toEqual([true, true])
    const bad: Partial<StretchCost>[] = [
      { memoryKiB: 19 * 1024 - 1 },
      { passes: 1 },
      { lanes: 0 },
      { lanes: 2 },
      { memoryKiB: 2 ** 31 },
      { passes: 200 },
      { passes: Number.NaN },
      { memoryKiB: 65_536.5 },
    ]
    expect(bad.map((part) => isSoundCost({ ...usualCost, ...part }))).toEqual(bad.map(() => false))
  })
})

describe('a key box', () => {
  const key = nodeRandom(32)
  const recovery = newRecoverySecret(nodeRandom)
  const tools = { random: nodeRandom, stretch: stretchInNode, cost: least }

  it('[AR5] opens by passphrase and by recovery code, for its purpose only', async () => {
    const box = await sealKeyBox('one', key, { passphrase, recovery }, tools)
    expect(doorsOf(box)).toEqual(['passphrase', 'recovery'])
    expect(await openKeyBox('one', box, { passphrase }, stretchInNode)).toEqual(key)
    expect(await openKeyBox('one', box, { recovery }, stretchInNode)).toEqual(key)
    expect(await openKeyBox('two', box, { passphrase }, stretchInNode)).toBeUndefined()
    expect(await openKeyBox('two', box, { recovery }, stretchInNode)).toBeUndefined()
    const single = await sealKeyBox('one', key, { recovery }, tools)
    expect(await openKeyBox('one', single, { passphrase }, stretchInNode)).toBeUndefined()
    expect(Buffer.from(box).includes(Buffer.from(key))).toBe(false)
  })

  it('[AR6] a wrong passphrase, a changed byte and lowered parameters are refused alike', async () => {
    const box = await sealKeyBox('one', key, { passphrase, recovery }, { ...tools, cost: { ...least, passes: 3 } })
    const open = (changed: Uint8Array) => openKeyBox('one', changed, { passphrase }, stretchInNode)
    expect(await openKeyBox('one', box, { passphrase: `${passphrase} ` }, stretchInNode)).toBeUndefined()
    expect(await openKeyBox('one', box, { recovery: newRecoverySecret(nodeRandom) }, stretchInNode)).toBeUndefined()
    // Version, count, then the passphrase's door: kind, memory (4), passes, lanes, salt (16), nonce (12), key (48).
    const lowered = box.slice()
    lowered[7] = 2
    expect(await open(lowered)).toBeUndefined()
    const tooLow = box.slice()
    tooLow[7] = 1
    expect(await open(tooLow)).toBeUndefined()
    for (const at of [0, 1, 2, 3, 6, 8, 9, 24, 25, 36, 37, 84, 85]) {
      const changed = box.slice()
      changed[at] = changed[at]! ^ 1
      // The last one stands in the other door, and is noticed there.
      const secret = at < 85 ? { passphrase } : { recovery }
      expect(await openKeyBox('one', changed, secret, stretchInNode), `byte ${at}`).toBeUndefined()
    }
    expect(await open(box.slice(0, -1))).toBeUndefined()
    expect(await open(Uint8Array.from([...box, 0]))).toBeUndefined()
    expect(await open(box)).toEqual(key)
  })
})
