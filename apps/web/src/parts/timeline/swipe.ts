/**
 * A message that a finger draws along its line, to the right or in a right-to-left page to the left, is answered. Up and
 * down the finger scrolls, as the style sheet tells the browser; what scrolls sideways itself is left alone.
 */
import type { MessageView } from '../../client-gate.ts'

/** From here on it is a swipe, and at the end of it an answer. */
const beginPx = 14
const enoughPx = 64
const mostPx = 88
/** A finger that begins at the edge turns the browser's pages. */
const edgePx = 24

interface Drawn {
  message: MessageView
  article: HTMLElement
  pointer: number
  x: number
  y: number
  /** Towards the end of the line: 1 or -1. */
  way: number
  by: number
}

/** @param signal - ends it */
export function replyBySwipe(
  log: HTMLElement,
  signal: AbortSignal,
  find: (key: string) => MessageView | undefined,
  reply: (message: MessageView) => void,
): void {
  let drawn: Drawn | undefined
  const still = matchMedia('(prefers-reduced-motion: reduce)')

  function end(): void {
    if (!drawn) return
    drawn.article.classList.remove('swiped', 'enough')
    drawn.article.style.removeProperty('--swipe')
    drawn = undefined
  }

  function begin(event: PointerEvent): void {
    end()
    const { target, clientX: x, clientY: y, pointerId: pointer } = event
    if (event.pointerType !== 'touch' || !event.isPrimary || !(target instanceof Element)) return
    if (x < edgePx || x > innerWidth - edgePx || target.closest('pre, button, a, input, [role="toolbar"]')) return
    const article = target.closest<HTMLElement>('article[data-key]')
    const message = article && find(article.dataset.key!)
    if (!article || !message) return
    const way = getComputedStyle(log).direction === 'rtl' ? -1 : 1
    drawn = { message, article, pointer, x, y, way, by: 0 }
  }

  function move({ pointerId, clientX, clientY }: PointerEvent): void {
    if (drawn?.pointer !== pointerId) return
    drawn.by = (clientX - drawn.x) * drawn.way
    const scrolls = drawn.by < beginPx && Math.abs(clientY - drawn.y) > beginPx
    if (drawn.by < 0 || scrolls) end()
    if (!drawn || drawn.by < beginPx) return
    drawn.article.classList.add('swiped')
    drawn.article.classList.toggle('enough', drawn.by >= enoughPx)
    if (!still.matches) drawn.article.style.setProperty('--swipe', `${drawn.way * Math.min(mostPx, drawn.by)}px`)
  }

  function up({ pointerId }: PointerEvent): void {
    if (drawn?.pointer !== pointerId) return
    const { message, by } = drawn
    end()
    if (by >= enoughPx) reply(message)
  }

  log.addEventListener('pointerdown', begin, { signal })
  log.addEventListener('pointermove', move, { signal })
  log.addEventListener('pointerup', up, { signal })
  log.addEventListener('pointercancel', end, { signal })
}
