/** Starts the worker that stretches passphrases. */
import argon2Url from './argon2.worker.ts?worker&url'
import { scriptUrl } from './trusted-types.ts'

export function startStretcher(): Worker {
  return new Worker(scriptUrl(argon2Url), { type: 'module' })
}
