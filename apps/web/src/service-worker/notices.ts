/** Notifications that pages ask for, and what happens when somebody presses one. */
import type { Notice, NoticeClicked } from '../kept/kept.ts'
import type { Window, WorkerScope } from './scope.ts'

/** What a notification carries: where it leads, and which page asked for it. */
interface Carried {
  notice: Notice
  page: string
}

/** False where the browser does not let it be shown. */
export async function showNotice(
  scope: WorkerScope,
  page: string,
  { notice, icon }: { notice: Notice; icon: string },
): Promise<boolean> {
  const { title, body, tag, silent } = notice
  const data: Carried = { notice, page }
  try {
    await scope.registration.showNotification(title, { body, tag, silent, icon, renotify: true, data })
    return true
  } catch (error) {
    console.warn('the browser does not show the notification', error)
    return false
  }
}

/** Back to the page that asked for it, or into the room anew where that page is closed. */
export async function openNotice(scope: WorkerScope, notification: { data: unknown; close(): void }): Promise<void> {
  notification.close()
  const { notice, page } = notification.data as Carried
  const window = (await scope.clients.get(page)) as Window | undefined
  if (window === undefined) {
    await scope.clients.openWindow(`/room/${notice.room}`)
    return
  }
  window.postMessage({ type: 'notice-clicked', notice } satisfies NoticeClicked)
  // Allowed for a moment after the press; a browser that does not let it has told the page all the same.
  await window.focus().catch((error: unknown) => console.warn('the page could not be brought to the front', error))
}
