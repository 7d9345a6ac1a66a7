/** Where messages are written and changed. What was begun stays with its room until it is sent; an edit never eats it. */
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Draft, FilesView, MessageView, PersonView, RoomAddress } from '../client-gate.ts'
import { reasonOf, report } from '../problems.ts'
import { fileWords } from '../words/files.ts'
import { messageWords, quoteWords } from '../words/messages.ts'
import type { Namer } from '../words/people.ts'
import { problemWords } from '../words/problems.ts'
import { roomWords } from '../words/room.ts'
import { mentionedIn, mentionQuery } from './compose/mentions.ts'
import { insertAt, isUsed, startsMessage, touch } from './compose/typing.ts'
import { useKept } from './compose/use-kept.ts'
import { Preparing, Recorder, Tray } from './fetched-files.ts'
import { Mentioning } from './fetched-messages.ts'
import { AttachButton, RecordButton } from './files/attach-button.tsx'
import { forget, type Picked, type PickedFiles } from './files/picked.ts'
import { Icon } from './icon.tsx'

export interface ComposerProps {
  room: RoomAddress
  people: readonly PersonView[]
  nameOf: Namer
  /** What was begun before this page was opened. */
  draft: Draft | undefined
  onDraft(draft: Draft | undefined): void
  onTyped(): void
  /** The message that is answered, and the own one that is changed. */
  replyTo: MessageView | undefined
  editing: MessageView | undefined
  onSend(text: string, more: { replyTo?: string; mentions?: string[] }): Promise<void>
  /** Files for the next message; absent where none can be sent. */
  picked: PickedFiles | undefined
  making: FilesView['making']
  onAttach(
    files: readonly Picked[],
    more: { text: string; replyTo?: string; mentions?: string[]; signal: AbortSignal },
  ): Promise<void>
  onEdit(key: string, text: string, mentions: string[]): Promise<void>
  onNoReply(): void
  onNoEdit(): void
  /** Up in an empty composer. */
  onEditLast(): void
}

const drafts = new Map<RoomAddress, string>()

export function Composer(props: ComposerProps): JSX.Element {
  const { room, people, nameOf, replyTo, editing, picked, making } = props
  const { onSend, onAttach, onEdit, onNoReply, onNoEdit, onEditLast } = props
  const [draft, draw] = useState(() => drafts.get(room) ?? props.draft?.text ?? '')
  const [edited, setEdited] = useState('')
  const [caret, setCaret] = useState(0)
  const [choice, setChoice] = useState(0)
  const [sending, setSending] = useState<AbortController>()
  const [records, setRecords] = useState(false)
  const area = useRef<HTMLTextAreaElement>(null)
  const text = editing ? edited : draft
  const attaches = !editing && picked !== undefined && picked.items.length > 0
  const query = mentionQuery(text, caret, people)

  function setDraft(next: string): void {
    drafts.set(room, next)
    draw(next)
  }
  const setText = editing ? setEdited : setDraft

  // Kept a moment after the last word, and at once when the page is put away.
  const keep = useKept(() => props.onDraft(draft === '' ? undefined : { text: draft, ...answered(replyTo) }))
  useEffect(() => {
    if (draft !== (props.draft?.text ?? '') || replyTo?.key !== props.draft?.replyTo) keep()
  }, [draft, replyTo?.key])

  // As high as what is written; the style sheet sets the limit.
  useLayoutEffect(() => {
    const element = area.current!
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }, [text])

  // Before the page takes another key: what is typed after Up or Reply belongs here, however fast it comes.
  useLayoutEffect(() => {
    if (editing) setEdited(editing.text)
  }, [editing?.key])
  useLayoutEffect(() => {
    if (replyTo || editing) area.current?.focus()
  }, [replyTo?.key, editing?.key])

  useEffect(() => {
    // On glass that would open the keyboard over a page that nobody has seen yet.
    if (!touch() && document.activeElement === document.body) area.current?.focus()
    const catchTyping = (event: KeyboardEvent): void => {
      if (area.current !== null && startsMessage(event)) area.current.focus()
    }
    const catchPaste = (event: ClipboardEvent): void => {
      if (area.current === null || isUsed(event.target)) return
      const words = event.clipboardData?.getData('text/plain') ?? ''
      if (words === '') return
      event.preventDefault()
      area.current.focus()
      area.current.setRangeText(words, area.current.selectionStart, area.current.selectionEnd, 'end')
      area.current.dispatchEvent(new InputEvent('input', { bubbles: true }))
    }
    document.addEventListener('keydown', catchTyping)
    document.addEventListener('paste', catchPaste)
    return () => {
      document.removeEventListener('keydown', catchTyping)
      document.removeEventListener('paste', catchPaste)
    }
  }, [])

  async function send(): Promise<void> {
    area.current?.focus()
    if (text.trim() === '' && !attaches) return
    const mentions = mentionedIn(text, people)
    if (editing) {
      onNoEdit()
      if (text === editing.text) return
      await onEdit(editing.key, text, mentions).catch((error: unknown) =>
        report(`${messageWords.notChanged} ${reasonOf(error)}`.trim()),
      )
      return
    }
    setDraft('')
    onNoReply()
    if (props.draft) props.onDraft(undefined)
    const more = { ...answered(replyTo), ...(mentions.length > 0 ? { mentions } : {}) }
    try {
      await (attaches ? sendFiles(picked, more) : onSend(text, more))
    } catch (error) {
      const since = drafts.get(room) ?? ''
      setDraft(since === '' ? text : `${text}\n${since}`)
      if (!isCancelled(error)) {
        report(`${attaches ? fileWords.notSent : problemWords.noSend} ${reasonOf(error)}`.trim())
      }
    }
  }

  /** Reading and sealing takes a while, and can be stopped until the message is stored. */
  async function sendFiles(chosen: PickedFiles, more: { replyTo?: string; mentions?: string[] }): Promise<void> {
    const files = chosen.take()
    const abort = new AbortController()
    setSending(abort)
    try {
      await onAttach(files, { text: text.trim() === '' ? '' : text, ...more, signal: abort.signal })
      files.forEach(forget)
    } catch (error) {
      chosen.putBack(files)
      throw error
    } finally {
      setSending(undefined)
    }
  }

  /** Puts the name in the place of what was typed of it. */
  function mention(person: PersonView): void {
    if (!query) return
    const { text: next, caret: behind } = insertAt(text, query.from, caret, `@${person.name} `)
    setText(next)
    setChoice(0)
    requestAnimationFrame(() => {
      area.current?.focus()
      area.current?.setSelectionRange(behind, behind)
      setCaret(behind)
    })
  }

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing) return
    const { key, shiftKey } = event
    if (query && (key === 'ArrowDown' || key === 'ArrowUp')) {
      event.preventDefault()
      setChoice((choice + (key === 'ArrowDown' ? 1 : query.people.length - 1)) % query.people.length)
    } else if (query && (key === 'Tab' || (key === 'Enter' && !shiftKey))) {
      event.preventDefault()
      mention(query.people[choice % query.people.length]!)
    } else if (key === 'Escape') {
      if (query) setCaret(-1)
      else if (editing) onNoEdit()
      else if (replyTo) onNoReply()
      else return
      event.stopPropagation()
    } else if (key === 'ArrowUp' && text === '' && !editing) {
      event.preventDefault()
      onEditLast()
    } else if (key === 'Enter' && !shiftKey && !touch()) {
      event.preventDefault()
      void send()
    }
  }

  const follow = (element: HTMLTextAreaElement): void => setCaret(element.selectionEnd)
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {editing ? (
        <Strip title={messageWords.editing} words={quoteWords(editing)} end={messageWords.noEdit} onEnd={onNoEdit} />
      ) : (
        replyTo && (
          <Strip
            title={messageWords.replyingTo(nameOf(replyTo.author))}
            words={quoteWords(replyTo)}
            end={messageWords.noReply}
            onEnd={onNoReply}
          />
        )
      )}
      {attaches && <Tray picked={picked} />}
      {records && picked && <Recorder picked={picked} onClose={() => setRecords(false)} />}
      {sending && <Preparing making={making} onCancel={() => sending.abort()} />}
      {query && (
        <Mentioning people={query.people} choice={choice % query.people.length} nameOf={nameOf} onPick={mention} />
      )}
      {picked && !editing && (
        <>
          <AttachButton picked={picked} />
          {!records && <RecordButton onPress={() => setRecords(true)} />}
        </>
      )}
      <textarea
        ref={area}
        rows={1}
        aria-label={roomWords.message}
        aria-autocomplete="list"
        {...(query
          ? { 'aria-controls': 'mentions', 'aria-activedescendant': `mention-${choice % query.people.length}` }
          : {})}
        placeholder={roomWords.message}
        value={text}
        dir="auto"
        enterkeyhint={touch() ? 'enter' : 'send'}
        onInput={(event) => {
          setText(event.currentTarget.value)
          props.onTyped()
          follow(event.currentTarget)
          setChoice(0)
        }}
        onSelect={(event) => follow(event.currentTarget)}
        onKeyDown={onKey}
      />
      <button
        type="submit"
        class={text.trim() === '' && !attaches ? 'send idle' : 'send'}
        aria-label={editing ? messageWords.save : roomWords.send}
      >
        <Icon name={editing ? 'tick' : 'send'} />
      </button>
    </form>
  )
}

/** The person stopped it. */
function isCancelled(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

function answered(replyTo: MessageView | undefined): { replyTo?: string } {
  return replyTo ? { replyTo: replyTo.key } : {}
}

interface StripProps {
  title: string
  words: string
  end: string
  onEnd(): void
}

/** Above the text: what it answers, or what it takes the place of. */
function Strip({ title, words, end, onEnd }: StripProps): JSX.Element {
  return (
    <div class="strip">
      <p>
        <strong>{title}</strong> <span dir="auto">{words}</span>
      </p>
      <button type="button" class="icon-button" aria-label={end} title={end} onClick={onEnd}>
        <Icon name="close" />
      </button>
    </div>
  )
}
