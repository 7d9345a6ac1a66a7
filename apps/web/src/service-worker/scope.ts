/** What of a service worker's surroundings is used here. The type library of pages does not have them. */

interface Waiting {
  waitUntil(work: Promise<unknown>): void
}
export interface FetchAsked extends Waiting {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
export interface MessageAsked extends Waiting {
  readonly data: unknown
  readonly ports: readonly MessagePort[]
}

export interface WorkerScope {
  readonly location: Location
  readonly clients: {
    matchAll(options: { includeUncontrolled: boolean; type: 'window' }): Promise<{ postMessage(data: unknown): void }[]>
  }
  skipWaiting(): Promise<void>
  addEventListener(type: 'fetch', listener: (event: FetchAsked) => void): void
  addEventListener(type: 'message', listener: (event: MessageAsked) => void): void
}
