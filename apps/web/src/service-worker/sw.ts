/**
 * Keeps one whole version of the page in this browser and serves it from there: offline too, and until a person takes
 * another one. It keeps the files of the version's list, the list, its signature and the relay's setting, and nothing else.
 */
import type { Asked, Kept, Told } from '../kept/kept.ts'
import { look, stopKeeping, take } from './looking.ts'
import { openNotice, showNotice } from './notices.ts'
import { isCall, noteCalled, openCalled, showCall } from './pushes.ts'
import type { FetchAsked, MessageAsked, WorkerScope } from './scope.ts'
import { findFile, readKept } from './shelf.ts'

const scope = globalThis as unknown as WorkerScope

scope.addEventListener('fetch', (event) => {
  const address = addressFor(event)
  if (address !== undefined) event.respondWith(serve(address, event.request))
})

scope.addEventListener('message', (event) => event.waitUntil(answer(event)))

scope.addEventListener('push', (event) => event.waitUntil(showCall(scope)))

scope.addEventListener('notificationclick', (event) => {
  const { notification } = event
  event.waitUntil(isCall(notification) ? openCalled(scope, notification) : openNotice(scope, notification))
})

/** What is asked for as the list names it; undefined for what is not ours to serve. */
function addressFor({ request }: FetchAsked): string | undefined {
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== scope.location.origin) return undefined
  if (request.mode === 'navigate') {
    return url.pathname === '/' || /^\/room\/[^/]+$/.test(url.pathname) ? '/index.html' : undefined
  }
  // Who asks for `no-store` wants to know what the server has.
  return /\.[a-z0-9]+$/.test(url.pathname) && request.cache !== 'no-store' ? url.pathname : undefined
}

/**
 * From the version that is kept. Names of assets hold their hash: one that only the version before has is asked for by a
 * tab that still runs it, and no two versions have different files of that name.
 */
async function serve(address: string, request: Request): Promise<Response> {
  const { current, before } = await readKept()
  const versions = address.startsWith('/assets/') ? [current, before] : [current]
  return (await findFile(versions, address)) ?? fetch(request)
}

async function answer({ data, ports, source }: MessageAsked): Promise<void> {
  const asked = data as Asked
  const reply = (kept: Kept): void => ports[0]?.postMessage({ type: 'kept', kept } satisfies Told)
  switch (asked.type) {
    case 'kept':
      return reply(await readKept())
    case 'look':
      return reply(await look(asked.now, tellAll))
    case 'take':
      return reply(await take(asked.id, tellAll))
    case 'stop':
      return reply(await stopKeeping())
    case 'notify':
      ports[0]?.postMessage(await showNotice(scope, source?.id ?? '', asked))
      return
    case 'push':
      ports[0]?.postMessage(await noteCalled(asked))
      return
    case 'make-way':
      return scope.skipWaiting()
  }
}

async function tellAll(kept: Kept): Promise<void> {
  const pages = await scope.clients.matchAll({ includeUncontrolled: true, type: 'window' })
  for (const page of pages) page.postMessage({ type: 'kept', kept } satisfies Told)
}
