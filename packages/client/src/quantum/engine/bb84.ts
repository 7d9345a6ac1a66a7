/**
 * The code of a run: photons, sifting, Cascade, amplification. A module of its own, because it belongs into a worker: the
 * page must be able to do without loading it.
 */
import {
  type Amplifier,
  loadWasmAmplifier,
  type Session,
  secureRandom,
  startAlice,
  startBob,
  typescriptAmplifier,
} from '@qsec/qkd'
import type { BeginRun, SecureRandom } from '../../ports.ts'

let amplifier: Promise<Amplifier> | undefined

/** WebAssembly where the platform and its policy grant it. All amplifiers give the same bytes. */
export function amplifierOfThisThread(): Promise<Amplifier> {
  amplifier ??= loadWasmAmplifier().then((wasm) => wasm ?? typescriptAmplifier)
  return amplifier
}

/** Erases the authentication key. */
export function startSession(options: BeginRun, fill: SecureRandom, amplifier: Amplifier): Session {
  const { role, runId, authenticationKey, eavesdropper } = options
  const end = { runId, authenticationKey, random: secureRandom(fill), amplifier }
  const eve = eavesdropper ? ({ attack: 'intercept-resend', fraction: 1 } as const) : ({ attack: 'none' } as const)
  try {
    return role === 'alice' ? startAlice({ ...end, channel: { eve } }) : startBob(end)
  } finally {
    authenticationKey.fill(0)
  }
}
