/**
 * What happens when the server calls: a notification without content. The call is empty, so the worker knows no more than
 * which rooms of this browser want to be called; it asks nobody.
 */
import { type Asked, type CalledRoom, type PushWords, pushTag } from '../kept/kept.ts'
import type { WorkerScope } from './scope.ts'

/** Beside the versions of the page: erasing everything erases all caches. */
const noteCache = 'qsec-push'
const noteAddress = '/qsec-push'
const icon = '/icons/icon-192.png'

interface Note {
  rooms: Record<string, CalledRoom>
  words: PushWords
}

const nothing: Note = { rooms: {}, words: { title: 'QSEC', body: 'New messages in a QSEC room' } }

/** Notes a room, or that it wants nothing more. Returns how many want to be called. */
export async function noteCalled({ tag, room, words }: Asked & { type: 'push' }): Promise<number> {
  const note = await readNote()
  const { [tag]: _before, ...others } = note.rooms
  const rooms = room === undefined ? others : { ...others, [tag]: room }
  const count = Object.keys(rooms).length
  if (count === 0) await caches.delete(noteCache)
  else await (await caches.open(noteCache)).put(noteAddress, Response.json({ rooms, words: words ?? note.words }))
  return count
}

async function readNote(): Promise<Note> {
  const note = await caches.match(noteAddress, { cacheName: noteCache })
  return note === undefined ? nothing : ((await note.json()) as Note)
}

/** Browsers want to see a notification for each push; a second one takes the place of the first. */
export async function showCall(scope: WorkerScope): Promise<void> {
  const { rooms, words } = await readNote()
  const called = Object.values(rooms)
  const addresses = new Set(called.map(({ address }) => address))
  await scope.registration.showNotification(words.title, {
    body: words.body,
    tag: pushTag,
    icon,
    renotify: true,
    silent: called.every(({ silent }) => silent),
    data: { called: addresses.size === 1 ? [...addresses][0] : '' },
  })
}

export function isCall(notification: { readonly data: unknown }): boolean {
  return typeof notification.data === 'object' && notification.data !== null && 'called' in notification.data
}

/** Into the room where there is but one, else to any page of ours, which says what is new in its title. */
export async function openCalled(scope: WorkerScope, notification: { data: unknown; close(): void }): Promise<void> {
  notification.close()
  const { called } = notification.data as { called: string }
  const path = called === '' ? '/' : `/room/${called}`
  const windows = await scope.clients.matchAll({ includeUncontrolled: true, type: 'window' })
  const fitting = windows.find(({ url }) => called === '' || new URL(url).pathname === path)
  if (fitting === undefined) await scope.clients.openWindow(path)
  else
    await fitting.focus().catch((error: unknown) => console.warn('the page could not be brought to the front', error))
}
