/** Notifications of the browser: through the service worker where there is one, since phones have no other way. */
import type { Asked, Notice, NoticeClicked } from '../kept/kept.ts'

const answerWithinMs = 3_000

export async function showNotice(notice: Notice): Promise<void> {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return
  try {
    const registration = await ofWorker()
    if (registration?.active && (await isTakenBy(registration.active, notice))) return
    const { title, tag, body, silent } = notice
    const shown = new Notification(title, { body, tag, silent, icon })
    shown.onclick = () => {
      shown.close()
      window.focus()
      clicks.dispatchEvent(new MessageEvent('message', { data: { type: 'notice-clicked', notice } }))
    }
    open.set(tag, shown)
  } catch (error) {
    // Nobody is at the page to be told; the title and the icon have the number.
    console.warn('the browser does not show the notification', error)
  }
}

/** Takes back what still stands of that room. */
export async function closeNotices(tag: string): Promise<void> {
  open.get(tag)?.close()
  open.delete(tag)
  try {
    const registration = await ofWorker()
    for (const notification of (await registration?.getNotifications({ tag })) ?? []) notification.close()
  } catch (error) {
    console.warn('a notification could not be taken back', error)
  }
}

/** Calls `handler` when somebody presses a notification of this page. */
export function onNoticeClicked(handler: (notice: Notice) => void, signal: AbortSignal): void {
  const hear = (event: Event): void => {
    const { data } = event as MessageEvent<NoticeClicked>
    if (data.type === 'notice-clicked') handler(data.notice)
  }
  clicks.addEventListener('message', hear, { signal })
  container()?.addEventListener('message', hear, { signal })
}

const icon = '/icons/icon-192.png'
const clicks = new EventTarget()
const open = new Map<string, Notification>()

function container(): ServiceWorkerContainer | undefined {
  return navigator.serviceWorker as ServiceWorkerContainer | undefined
}

function ofWorker(): Promise<ServiceWorkerRegistration | undefined> {
  return container()?.getRegistration() ?? Promise.resolve(undefined)
}

/** A worker of an earlier version does not know what it is asked. */
function isTakenBy(worker: ServiceWorker, notice: Notice): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    const timer = setTimeout(() => resolve(false), answerWithinMs)
    port1.onmessage = ({ data }) => {
      clearTimeout(timer)
      port1.close()
      resolve(data === true)
    }
    worker.postMessage({ type: 'notify', notice, icon } satisfies Asked, [port2])
  })
}
