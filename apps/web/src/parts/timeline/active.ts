/**
 * Which message has its bar: the one under the pointer, the one with the focus, or the one that a finger rested on. From the
 * log, arrows go from message to message; Enter goes into the bar, and Esc back.
 */
import { useRef, useState } from 'preact/hooks'
import type { Place } from './place.ts'

const pressMs = 450
/** A finger that moves further scrolls. */
const pressPx = 10

export interface Active {
  key: string | undefined
  onKey(event: KeyboardEvent): void
  onPointerOver(event: PointerEvent): void
  onPointerLeave(event: PointerEvent): void
  onPointerDown(event: PointerEvent): void
  onPointerMove(event: PointerEvent): void
  onPointerEnd(): void
  onContextMenu(event: Event): void
  onFocus(event: FocusEvent): void
  onBlur(event: FocusEvent): void
}

function articleOf(target: EventTarget | null): HTMLElement | undefined {
  return target instanceof Element ? (target.closest<HTMLElement>('article[data-key]') ?? undefined) : undefined
}

export function useActive(
  log: { current: HTMLElement | null },
  place: Place,
  redraw: (next: (n: number) => number) => void,
): Active {
  const [key, setKey] = useState<string>()
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | undefined>(undefined)

  /** By keyboard somebody is at a message, or its menu is open: the pointer takes the bar nowhere else. A press gives focus too. */
  const isHeld = (): boolean =>
    log.current!.querySelector('article:focus-visible, article :focus-visible, .tool-menu') !== null
  const endPress = (): void => {
    clearTimeout(press.current?.timer)
    press.current = undefined
  }

  /** The message before or behind the one with the focus; from the log itself the newest. */
  function step(by: 1 | -1): void {
    const articles = [...log.current!.querySelectorAll<HTMLElement>('article')]
    const at = articles.indexOf(articleOf(document.activeElement)!)
    const next = at < 0 ? articles.at(-1) : articles[at + by]
    if (!next) return
    next.focus({ preventScroll: true })
    next.scrollIntoView({ block: 'nearest' })
    if (place.scrolled()) redraw((n) => n + 1)
  }

  return {
    key,
    onKey(event) {
      const article = articleOf(event.target)
      const onLog = event.target === log.current
      const onArticle = article !== undefined && event.target === article
      if (!onLog && !onArticle) return
      if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
        event.preventDefault()
        step(event.key === 'ArrowUp' ? -1 : 1)
      } else if (event.key === 'Enter' && onArticle) {
        event.preventDefault()
        article.querySelector<HTMLElement>('.tools button')?.focus()
      } else if (event.key === 'Escape' && onArticle) {
        event.stopPropagation()
        setKey(undefined)
        log.current!.focus({ preventScroll: true })
      }
    },
    onPointerOver(event) {
      if (event.pointerType !== 'mouse' || isHeld()) return
      setKey(articleOf(event.target)?.dataset.key)
    },
    onPointerLeave(event) {
      // A finger that is lifted leaves, too.
      if (event.pointerType === 'mouse' && !isHeld()) setKey(undefined)
    },
    onPointerDown(event) {
      const article = articleOf(event.target)
      if (event.pointerType === 'mouse') return
      if (article?.dataset.key !== key) setKey(undefined)
      endPress()
      if (article === undefined) return
      const timer = setTimeout(() => {
        endPress()
        setKey(article.dataset.key)
      }, pressMs)
      press.current = { timer, x: event.clientX, y: event.clientY }
    },
    onPointerMove({ clientX, clientY }) {
      const began = press.current
      if (began && Math.hypot(clientX - began.x, clientY - began.y) > pressPx) endPress()
    },
    onPointerEnd: endPress,
    onContextMenu(event) {
      // On glass the long press is ours; a mouse has its own menu.
      if (press.current || (key !== undefined && articleOf(event.target)?.dataset.key === key && isCoarse())) {
        event.preventDefault()
      }
    },
    onFocus(event) {
      const article = articleOf(event.target)
      if (article) setKey(article.dataset.key)
    },
    onBlur(event) {
      // Into a dialog that the bar has opened and back: the message keeps its bar.
      const to = event.relatedTarget
      if (to instanceof Element && !log.current!.contains(to) && !to.closest('dialog')) setKey(undefined)
    },
  }
}

function isCoarse(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(pointer: coarse)').matches
}
