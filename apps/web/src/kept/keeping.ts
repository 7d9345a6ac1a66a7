/** The page's side of keeping it: starts the service worker, asks it, and hears what it tells. */

import { type Signal, signal } from '@preact/signals'
import { isPageHeld } from '../hold-page.ts'
import { registerServiceWorker } from '../trusted-types.ts'
import type { Asked, Kept, Told } from './kept.ts'

export type Keeping =
  /** This browser has no service workers here: a private window, or no secure connection. */
  { at: 'impossible' } | { at: 'starting' } | { at: 'failed'; reason: string } | { at: 'kept'; kept: Kept }

export const keeping: Signal<Keeping> = signal({ at: 'starting' })
/** Another tab has taken another version, and this one still runs the one before. */
export const takenElsewhere: Signal<boolean> = signal(false)

const lookEveryMs = 3_600_000
const answerWithinMs = 120_000
const stopWithinMs = 10_000
const makeWayWithinMs = 5_000
const reloadAgainMs = 8_000

let started: Promise<void> | undefined

/** Once for each page; whoever calls it again waits for the same. */
export function startKeeping(): Promise<void> {
  started ??= start().catch((error: unknown) => {
    keeping.value = { at: 'failed', reason: error instanceof Error ? error.message : '' }
  })
  return started
}

async function start(): Promise<void> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined
  if (container === undefined) {
    keeping.value = { at: 'impossible' }
    return
  }
  container.addEventListener('message', ({ data }) => hear(data as Told))
  await registerServiceWorker()
  await container.ready
  hear(await ask({ type: 'kept' }))
  await look(false)
  // A page that stays open for days looks too, and so does one that comes back to the front.
  window.setInterval(() => void look(false), lookEveryMs)
  document.addEventListener('visibilitychange', () => void (document.visibilityState === 'visible' && look(false)))
}

/** @param now - also where somebody has looked a moment ago */
export async function look(now: boolean): Promise<void> {
  try {
    hear(await ask({ type: 'look', now }))
  } catch (error) {
    console.warn('the service worker does not answer', error)
  }
}

/** Takes what is offered, and begins anew in it. */
export async function take(id: string): Promise<void> {
  taking = true
  hear(await ask({ type: 'take', id }))
  const registration = await navigator.serviceWorker.getRegistration()
  if (registration?.waiting) await makeWay(registration.waiting)
  window.location.reload()
  // One that waits for a worker that has gone is begun again; this page runs until the next one is here. Nobody who stays is asked again.
  window.setInterval(() => isPageHeld() || window.location.reload(), reloadAgainMs)
}

/** A page that is asked for while one worker takes the place of another can wait for ever in Chromium: so that comes first. */
function makeWay(waiting: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    const done = () => waiting.state === 'activated' && resolve()
    waiting.addEventListener('statechange', done)
    window.setTimeout(resolve, makeWayWithinMs)
    waiting.postMessage({ type: 'make-way' } satisfies Asked)
  })
}

/** The next visit is served by the server again. Keys, rooms and messages stay. */
export async function stopKeeping(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration()
  if (registration === undefined) return
  if (registration.active) await ask({ type: 'stop' }, stopWithinMs)
  await registration.unregister()
}

let taking = false
let running: string | undefined

function hear({ type, kept }: Told): void {
  if (type !== 'kept') return
  keeping.value = { at: 'kept', kept }
  running ??= kept.current?.id
  takenElsewhere.value = !taking && running !== kept.current?.id
}

/** A worker that gives way to a newer one answers nothing any more: then the newer one is asked. */
async function ask(asked: Asked, withinMs = answerWithinMs): Promise<Told> {
  const registration = await navigator.serviceWorker.ready
  return new Promise((resolve, reject) => {
    const ended = new AbortController()
    const { signal } = ended
    const timer = window.setTimeout(() => {
      ended.abort()
      reject(new Error('the service worker does not answer'))
    }, withinMs)
    const send = (worker: ServiceWorker): void => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = ({ data }) => {
        port1.close()
        window.clearTimeout(timer)
        ended.abort()
        resolve(data as Told)
      }
      const onChange = () => {
        if (worker.state === 'redundant' && registration.active) send(registration.active)
      }
      worker.addEventListener('statechange', onChange, { signal })
      worker.postMessage(asked, [port2])
    }
    send(registration.active!)
  })
}
