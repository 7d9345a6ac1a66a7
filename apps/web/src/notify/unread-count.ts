/** How many messages of others came since this page was looked at last. Stands in the page's title and on its icon. */
import { type Signal, signal } from '@preact/signals'

export const unreadCount: Signal<number> = signal(0)
