/**
 * Which own message is being changed, and to what. It may be one that was sent a moment ago and does not stand in the
 * conversation yet: who presses Up right behind Enter means that one, not the one before.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { MessageView } from '../../client-gate.ts'
import { holdPage } from '../../hold-page.ts'
import { quoteWords } from '../../words/messages.ts'

/** What was just sent. */
export interface JustSent {
  text: string
  privately: boolean
  /** Resolves to its key once it stands in the conversation. */
  sent: Promise<string>
}

interface Changed {
  text: string
  privately: boolean
  quoted: string
  key: string | Promise<string>
}

/** What was changed last, and to what: kept from one composer to the next. */
let half: { key: string; text: string } | undefined

interface Changing {
  /** The message; undefined: none is changed. */
  of: Changed | undefined
  /** What it will say. */
  text: string
  setText(text: string): void
  onSent(message: JustSent): void
  /** Begins with what was said last. */
  last(): void
  end(): void
}

export function useChanging(editing: MessageView | undefined, onEditLast: () => void, onNoEdit: () => void): Changing {
  const [text, drawText] = useState('')
  const [early, drawEarly] = useState<JustSent>()
  const earlyNow = useRef<JustSent | undefined>(undefined)
  const sending = useRef<JustSent | undefined>(undefined)
  const editLast = useRef(onEditLast)
  editLast.current = onEditLast
  function setText(next: string): void {
    half = editing && { key: editing.key, text: next }
    drawText(next)
  }
  function setEarly(message: JustSent | undefined): void {
    earlyNow.current = message
    drawEarly(message)
  }

  // Before the page takes another key: what is typed after Up belongs here, however fast it comes.
  useLayoutEffect(() => {
    if (!editing) return
    // What was typed since stays.
    if (early) setEarly(undefined)
    else setText(half?.key === editing.key ? half.text : editing.text)
  }, [editing?.key])

  function begin(message: JustSent): void {
    setText(message.text)
    setEarly(message)
    const isOn = (): boolean => earlyNow.current === message
    message.sent.then(
      () => isOn() && editLast.current(),
      // Whoever sent it says why it was not, and has its words.
      () => isOn() && setEarly(undefined),
    )
  }

  const of = editing ? changedOf(editing) : early && { ...early, quoted: quoteWords(early), key: early.sent }
  const isHalf = of !== undefined && of.text !== text
  useEffect(() => (isHalf ? holdPage() : undefined), [isHalf])
  return {
    of,
    text,
    setText,
    onSent(message) {
      sending.current = message
      const done = (): void => {
        if (sending.current === message) sending.current = undefined
      }
      message.sent.then(done, done)
    },
    last: () => (sending.current ? begin(sending.current) : onEditLast()),
    end() {
      half = undefined
      setEarly(undefined)
      onNoEdit()
    },
  }
}

function changedOf(message: MessageView): Changed {
  return { text: message.text, privately: !!message.privately, quoted: quoteWords(message), key: message.key }
}
