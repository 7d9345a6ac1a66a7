import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { authenticationKeyBytes } from '../authentication.ts'
import { secureRandom, seededRandom } from '../random.ts'
import { startAlice, startBob } from '../run.ts'
import { describeMessage } from './messages.ts'
import type { Session, SessionResult, SessionStep } from './result.ts'

const options = {
  pulses: 8000,
  sampleFraction: 0.375,
  channel: { distanceKm: 0, detectorEfficiency: 1, misalignment: 0.01 },
}

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
  it('[QB41] no key, no bit and no photon shows in sessions, progress, results or message descriptions', () => {
    const source = seededRandom(4, 'secrecy')
    const secrets: Uint8Array[] = []
    const random = secureRandom((length) => {
      const bytes = Uint8Array.from({ length }, () => source() * 256)
      // Alice's bits and bases are the only draws of this length.
      if (length === 1000) secrets.push(bytes.slice())
      return bytes
    })
    const authenticationKey = Uint8Array.from({ length: authenticationKeyBytes }, (_, i) => 255 - 2 * i)
    const runId = new Uint8Array(16)
    const ends = {
      alice: startAlice({ ...options, runId, authenticationKey, random }),
      bob: startBob({ runId, authenticationKey, random }),
    }
    const log: string[] = []
    const write = (value: unknown): void => {
      log.push(inspect(value, { depth: 12, maxArrayLength: null, maxStringLength: null }), JSON.stringify(value) ?? '')
      log.push(String(value))
    }
    const results: SessionResult[] = []
    const queue: [Session, Uint8Array][] = []
    const take = (to: Session, step: SessionStep): void => {
      write(ends.alice)
      write(ends.bob)
      write(step.progress)
      if (step.done) {
        results.push(step.done)
        write(step.done)
        write({ ...step.done })
      }
      for (const message of step.send) {
        write(describeMessage(message))
        queue.push([to, message])
      }
    }
    take(ends.bob, ends.alice.first)
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [end, message] = next
      take(end === ends.alice ? ends.bob : ends.alice, end.handle(message))
    }
    for (const result of results) if (!result.aborted) secrets.push(result.key)
    expect(results.map(({ aborted }) => aborted)).toEqual([false, false])
    secrets.push(authenticationKey, authenticationKey.subarray(16))

    const all = withoutSpace(log.join('\n'))
    expect(secrets.length).toBe(7)
    for (const secret of secrets) for (const form of printedForms(secret)) expect(all.includes(form)).toBe(false)
    expect(all).toContain('secretBits')
  })

  it('[QB41] the net catches a secret that is printed', () => {
    const secret = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9)
    for (const printed of [inspect({ secret }), JSON.stringify({ secret }), String(secret)]) {
      expect(printedForms(secret).some((form) => withoutSpace(printed).includes(form))).toBe(true)
    }
  })
})
