/** Argon2id in a worker of its own, which ends with the answer: its 64 MiB go with it. */
import type { Stretch, StretchCost } from './stretch.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface StretchOrder {
  secret: Bytes
  salt: Bytes
  cost: StretchCost
}

/** @param start - makes the worker of `argon2.worker.ts`; the page knows its address */
export function stretchInWorker(start: () => Worker): Stretch {
  return (secret, salt, cost) =>
    new Promise((resolve, reject) => {
      const worker = start()
      worker.onmessage = ({ data }: MessageEvent<unknown>) => {
        worker.terminate()
        if (data instanceof Uint8Array && data.length === 32) resolve(data as Bytes)
        else reject(new Error('The passphrase could not be worked on: this browser may be short of memory.'))
      }
      worker.onerror = (event) => {
        worker.terminate()
        event.preventDefault()
        reject(new Error('The part of the page that works on passphrases does not start. Reload the page.'))
      }
      const order: StretchOrder = { secret, salt, cost }
      worker.postMessage(order)
    })
}
