/** Where messages are written. What was begun stays with its room until it is sent. */
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { RoomAddress } from '../client-gate.ts'
import { reasonOf, report } from '../problems.ts'
import { problemWords } from '../words/problems.ts'
import { roomWords } from '../words/room.ts'
import { Icon } from './icon.tsx'

interface Props {
  room: RoomAddress
  onSend(text: string): Promise<void>
}

const drafts = new Map<RoomAddress, string>()

export function Composer({ room, onSend }: Props): JSX.Element {
  const [text, draw] = useState(() => drafts.get(room) ?? '')
  const area = useRef<HTMLTextAreaElement>(null)

  function setText(next: string): void {
    drafts.set(room, next)
    draw(next)
  }

  // As high as what is written; the style sheet sets the limit.
  useLayoutEffect(() => {
    const element = area.current!
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }, [text])

  useEffect(() => {
    // On glass that would open the keyboard over a page that nobody has seen yet.
    if (!touch() && document.activeElement === document.body) area.current?.focus()
    const catchTyping = (event: KeyboardEvent): void => {
      if (area.current !== null && startsMessage(event)) area.current.focus()
    }
    document.addEventListener('keydown', catchTyping)
    return () => document.removeEventListener('keydown', catchTyping)
  }, [])

  async function send(): Promise<void> {
    area.current?.focus()
    if (text.trim() === '') return
    setText('')
    try {
      await onSend(text)
    } catch (error) {
      const since = drafts.get(room) ?? ''
      setText(since === '' ? text : `${text}\n${since}`)
      report(`${problemWords.noSend} ${reasonOf(error)}`.trim())
    }
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <textarea
        ref={area}
        rows={1}
        aria-label={roomWords.message}
        placeholder={roomWords.message}
        value={text}
        dir="auto"
        enterkeyhint={touch() ? 'enter' : 'send'}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing || touch()) return
          event.preventDefault()
          void send()
        }}
      />
      <button type="submit" class={text.trim() === '' ? 'send idle' : 'send'} aria-label={roomWords.send}>
        <Icon name="send" />
      </button>
    </form>
  )
}

/** On glass, Enter breaks the line and the button sends. */
function touch(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(hover: none) and (pointer: coarse)').matches
}

/** Whether a key pressed anywhere on the page is the beginning of a message. */
function startsMessage(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false
  if (event.key.length !== 1 || event.key === ' ') return false
  const target = event.target instanceof Element ? event.target : document.body
  return target.closest('input, textarea, select, button, a, dialog, [role="switch"]') === null
}
