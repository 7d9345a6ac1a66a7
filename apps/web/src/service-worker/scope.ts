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
  /** The page that says it. */
  readonly source: { readonly id: string } | null
}
export interface NoticePressed extends Waiting {
  readonly notification: { readonly data: unknown; close(): void }
}

export interface Window {
  readonly url: string
  postMessage(data: unknown): void
  focus(): Promise<unknown>
}

export interface WorkerScope {
  readonly location: Location
  readonly clients: {
    matchAll(options: { includeUncontrolled: boolean; type: 'window' }): Promise<Window[]>
    get(id: string): Promise<unknown>
    openWindow(address: string): Promise<unknown>
  }
  readonly registration: {
    showNotification(title: string, options: NotificationOptions & { renotify: boolean }): Promise<void>
  }
  skipWaiting(): Promise<void>
  addEventListener(type: 'fetch', listener: (event: FetchAsked) => void): void
  addEventListener(type: 'message', listener: (event: MessageAsked) => void): void
  addEventListener(type: 'push', listener: (event: Waiting) => void): void
  addEventListener(type: 'notificationclick', listener: (event: NoticePressed) => void): void
}
