import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { authenticationKeyBytes } from '../authentication.ts'
import { type SecureRandom, secureRandom } from '../random.ts'
import { replayedRandom } from '../simulate-run.ts'
import { oneDecoyRun, siftedRun, singlePhotonRun, testSetRun, twoDecoysRun } from '../small-runs.ts'
import { joinEnds } from '../two-ends.ts'
import { startResumable } from './resumable.ts'

/** Printed lists are broken into lines and columns. */
function withoutSpace(text: string): string {
  return text.replaceAll(/\s/g, '')
}

/** Every way in which bytes come out when somebody logs them. */
function printedForms(bytes: Uint8Array): string[] {
  const eight = bytes.subarray(0, 8)
  return [
    Buffer.from(eight).toString('hex'),
    Buffer.from(eight).toString('base64').slice(0, 10),
    Array.from(eight).join(','),
    Array.from(eight, (byte, i) => `"${i}":${byte}`).join(','),
  ]
}

describe('what may be logged', () => {
  it.each([singlePhotonRun, oneDecoyRun, twoDecoysRun, siftedRun, testSetRun])(
    '[QB41] no key, bit, photon or chance shows in sessions, progress, results, errors or message descriptions: $name',
    (run) => {
      const secrets: Uint8Array[] = []
      const watched = (end: string): SecureRandom => {
        const source = replayedRandom(4, end)
        return secureRandom((length) => {
          const bytes = source(length)
          secrets.push(bytes.slice())
          return bytes
        })
      }
      const authenticationKey = Uint8Array.from({ length: authenticationKeyBytes }, (_, i) => 255 - 2 * i)
      const log: string[] = []
      const write = (value: unknown): void => {
        log.push(inspect(value, { depth: 12, maxArrayLength: null, maxStringLength: null }))
        log.push(JSON.stringify(value) ?? '', String(value))
      }
      const ends = {
        alice: startResumable(watched('alice'), (random) => run.alice(random, authenticationKey)),
        bob: run.bob(watched('bob'), authenticationKey),
      }
      const { alice, bob } = joinEnds(ends, {
        onMessage: (message, description) => {
          // What is sent first is public: proposals hold commitments.
          write({ role: ends.bob, now: ends.alice.toJSON(), description })
          return [message]
        },
        onProgress: (of, progress) => write({ of, progress }),
      })
      for (const result of [alice, bob]) {
        write(result)
        write({ ...result })
        if (!result.aborted) secrets.push(result.key)
      }
      write([ends.alice.cancel(), ends.bob.handle(new Uint8Array(3))])
      expect([alice.aborted, bob.aborted]).toEqual([false, false])
      secrets.push(authenticationKey, authenticationKey.subarray(16))

      const all = withoutSpace(log.join('\n'))
      expect(secrets.length).toBeGreaterThan(5)
      for (const secret of secrets) {
        // A key of the smallest run can be as short as any four bytes.
        if (secret.length < 8) continue
        for (const form of printedForms(secret)) expect(all.includes(form)).toBe(false)
      }
      expect(all).toContain('secretBits')
    },
  )

  it('[QB41] the net catches a secret that is printed', () => {
    const secret = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9)
    for (const printed of [inspect({ secret }), JSON.stringify({ secret }), String(secret)]) {
      expect(printedForms(secret).some((form) => withoutSpace(printed).includes(form))).toBe(true)
    }
  })
})
