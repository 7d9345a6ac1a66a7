/**
 * Being called while no page of a room is open: the browser's subscription, the note of the service worker, and the relay's
 * row are brought to what the person wants. One subscription serves all rooms of this browser.
 */
import type { RoomClient } from '../client-gate.ts'
import { type Asked, pushTag } from '../kept/kept.ts'
import { SaidError } from '../problems.ts'
import { pushWords } from '../words/push.ts'

const answerWithinMs = 3_000

/** Switches it on, with the browser's leave given, or throws and leaves it off. */
export async function switchPushOn(client: RoomClient): Promise<void> {
  await inOrder(async () => {
    await subscribeRoom(client)
    await client.chooseNotify({ push: true })
  })
}

/** Whatever of it fails, nothing is shown any more for this room; the relay is told again at the next join. */
export async function switchPushOff(client: RoomClient): Promise<void> {
  await inOrder(async () => {
    await client.chooseNotify({ push: false })
    try {
      await client.setPush(undefined)
    } finally {
      await forgetRoom(client)
    }
  })
}

/** Brings the relay to what is wanted, after each join. The returned function ends it. */
export function keepPush(client: RoomClient): () => void {
  let seen: unknown
  let running = false
  let ended = false
  const look = (): void => {
    const { push, phase } = client.snapshot
    if (running || phase.at !== 'member' || push === undefined || push === seen) return
    running = true
    // Behind what the person has just pressed, which has its own word with the server.
    void inOrder(() => (ended ? Promise.resolve() : reconcile(client)))
      .catch((error: unknown) => console.warn('the server could not be told where to call', error))
      .finally(() => {
        running = false
        seen = client.snapshot.push
      })
  }
  const stopHearing = client.subscribe(look)
  void closeCalls()
  look()
  return () => {
    ended = true
    stopHearing()
    const { at } = client.snapshot.phase
    if (at !== 'left' && at !== 'removed' && at !== 'ended') return
    void inOrder(() => forgetRoom(client)).catch((error: unknown) => console.warn('the call could not be ended', error))
  }
}

/** Each join says it again: the browser may have another address by now, and the server may have lost it. */
async function reconcile(client: RoomClient): Promise<void> {
  const { push, reading } = client.snapshot
  const wants = reading.notify.push === true && reading.notify.about !== 'none'
  if (wants) await subscribeRoom(client)
  else if (push?.on) await client.setPush(undefined)
}

/** Who is here has no use for a call that still stands. */
async function closeCalls(): Promise<void> {
  const registration = await container()?.getRegistration()
  for (const shown of (await registration?.getNotifications({ tag: pushTag })) ?? []) shown.close()
}

async function subscribeRoom(client: RoomClient): Promise<void> {
  const { push, address, reading } = client.snapshot
  const registration = await container()?.getRegistration()
  if (push === undefined || !registration?.active || !('pushManager' in registration))
    throw new SaidError(pushWords.faults.impossible)
  const room = { address, silent: !reading.notify.sound }
  const words = { title: 'QSEC', body: pushWords.called }
  const noted = await ask(registration.active, { type: 'push', tag: tagOf(client), room, words })
  if (noted === undefined) throw new SaidError(pushWords.faults['old-page'])
  try {
    const { endpoint } = await subscription(registration.pushManager, push.key)
    await client.setPush(endpoint)
  } catch (error) {
    await forgetRoom(client)
    throw error
  }
}

/** The one that there is, if it is bound to the relay's key. */
async function subscription(manager: PushManager, key: string): Promise<PushSubscription> {
  const applicationServerKey = bytesOf(key)
  try {
    const before = await manager.getSubscription()
    if (before !== null && equal(before.options.applicationServerKey, applicationServerKey)) return before
    await before?.unsubscribe()
    return await manager.subscribe({ userVisibleOnly: true, applicationServerKey })
  } catch (error) {
    // Chromium without Google's services, Firefox with `dom.push.enabled` off, or no way to the push service just now.
    throw new SaidError(pushWords.faults['no-service'], { cause: error })
  }
}

/** With the last room that wants to be called goes the browser's subscription. */
async function forgetRoom(client: RoomClient): Promise<void> {
  const registration = await container()?.getRegistration()
  if (!registration?.active) return
  const left = await ask(registration.active, { type: 'push', tag: tagOf(client) })
  if (left === 0) await (await registration.pushManager?.getSubscription())?.unsubscribe()
}

function tagOf({ snapshot: { address, self } }: RoomClient): string {
  return `qsec ${address} ${self.device}`
}

/** How many rooms the worker then has noted; undefined: it is of an earlier version, and does not know what it is asked. */
function ask(worker: ServiceWorker, asked: Asked & { type: 'push' }): Promise<number | undefined> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    const done = (count: number | undefined): void => {
      clearTimeout(timer)
      port1.close()
      resolve(count)
    }
    const timer = setTimeout(done, answerWithinMs, undefined)
    port1.onmessage = ({ data }) => done(typeof data === 'number' ? data : undefined)
    worker.postMessage(asked, [port2])
  })
}

let last: Promise<unknown> = Promise.resolve()

/** What a person presses in quick succession is done in that order. */
function inOrder<T>(work: () => Promise<T>): Promise<T> {
  const done = last.then(work)
  last = done.catch(() => undefined)
  return done
}

function container(): ServiceWorkerContainer | undefined {
  return navigator.serviceWorker as ServiceWorkerContainer | undefined
}

function bytesOf(base64Url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64Url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function equal(before: ArrayBuffer | null, wanted: Uint8Array): boolean {
  const bytes = new Uint8Array(before ?? new ArrayBuffer(0))
  return bytes.length === wanted.length && bytes.every((byte, i) => byte === wanted[i])
}
