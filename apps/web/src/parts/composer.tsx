/** Where messages are written and changed. What was begun stays with its room until it is sent; an edit never eats it. */
import { type CommandName, namesFor, readTyped, type Typed } from '@qsec/client/commands'
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Draft, MessageView, PersonView, RoomAddress } from '../client-gate.ts'
import { enterSends, isSending } from '../commands/enter.ts'
import { SlashList } from '../commands/fetched.ts'
import { reasonOf, report } from '../problems.ts'
import { messageWords, quoteWords } from '../words/messages.ts'
import type { Namer } from '../words/people.ts'
import { problemWords } from '../words/problems.ts'
import { roomWords } from '../words/room.ts'
import { mentionedIn, mentionQuery } from './compose/mentions.ts'
import { insertAt, isUsed, startsMessage, touch } from './compose/typing.ts'
import { useKept } from './compose/use-kept.ts'
import { Mentioning } from './fetched-messages.ts'
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
  /** Does what was typed behind a slash; resolves to why it was not done, in words. */
  onCommand(typed: Exclude<Typed, { type: 'text' }>): Promise<string | undefined>
  onEdit(key: string, text: string, mentions: string[]): Promise<void>
  onNoReply(): void
  onNoEdit(): void
  /** Up in an empty composer. */
  onEditLast(): void
}

const drafts = new Map<RoomAddress, string>()

export function Composer(props: ComposerProps): JSX.Element {
  const { room, people, nameOf, replyTo, editing, onSend, onEdit, onNoReply, onNoEdit, onEditLast } = props
  const [draft, draw] = useState(() => drafts.get(room) ?? props.draft?.text ?? '')
  const [edited, setEdited] = useState('')
  const [caret, setCaret] = useState(0)
  const [choice, setChoice] = useState(0)
  /** Why what stands there was not done. */
  const [refused, setRefused] = useState('')
  const area = useRef<HTMLTextAreaElement>(null)
  const text = editing ? edited : draft
  const query = mentionQuery(text, caret, people)
  const slashes = editing ? undefined : namesFor(text, caret)
  const offered = query ? query.people.length : (slashes?.length ?? 0)
  const chosen = offered > 0 ? choice % offered : 0

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
    if (text.trim() === '') return
    const mentions = mentionedIn(text, people)
    if (editing) {
      onNoEdit()
      if (text === editing.text) return
      await onEdit(editing.key, text, mentions).catch((error: unknown) =>
        report(`${messageWords.notChanged} ${reasonOf(error)}`.trim()),
      )
      return
    }
    const typed = readTyped(text)
    if (typed.type !== 'text') return command(typed)
    setDraft('')
    onNoReply()
    if (props.draft) props.onDraft(undefined)
    try {
      await onSend(typed.text, {
        ...answered(replyTo),
        ...(mentions.length > 0 ? { mentions } : {}),
      })
    } catch (error) {
      const since = drafts.get(room) ?? ''
      setDraft(since === '' ? text : `${text}\n${since}`)
      report(`${problemWords.noSend} ${reasonOf(error)}`.trim())
    }
  }

  /** What is no message goes off the field at once, for what is typed next; what was refused comes back to it. */
  async function command(typed: Exclude<Typed, { type: 'text' }>): Promise<void> {
    if (typed.type === 'command') setDraft('')
    try {
      const why = await props.onCommand(typed)
      setRefused(why ?? '')
      if (why === undefined) return
    } catch (error) {
      setRefused(reasonOf(error))
    }
    if ((drafts.get(room) ?? '') === '') setDraft(text)
  }

  /** Puts the name in the place of what was typed of it. */
  function mention(person: PersonView): void {
    if (query) put(query.from, `@${person.name} `)
  }

  function complete(name: CommandName): void {
    put(0, `/${name} `)
  }

  function put(from: number, words: string): void {
    const { text: next, caret: behind } = insertAt(text, from, caret, words)
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
    if (offered > 0 && (key === 'ArrowDown' || key === 'ArrowUp')) {
      event.preventDefault()
      setChoice((chosen + (key === 'ArrowDown' ? 1 : offered - 1)) % offered)
    } else if (offered > 0 && (key === 'Tab' || (key === 'Enter' && !shiftKey))) {
      event.preventDefault()
      if (query) mention(query.people[chosen]!)
      else complete(slashes![chosen]!)
    } else if (key === 'Escape') {
      if (offered > 0) setCaret(-1)
      else if (editing) onNoEdit()
      else if (replyTo) onNoReply()
      else return
      event.stopPropagation()
    } else if (key === 'ArrowUp' && text === '' && !editing) {
      event.preventDefault()
      onEditLast()
    } else if (isSending(event)) {
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
      {query && <Mentioning people={query.people} choice={chosen} nameOf={nameOf} onPick={mention} />}
      {!query && slashes && <SlashList names={slashes} choice={chosen} onPick={complete} />}
      {refused !== '' && (
        <p class="refused" role="alert">
          {refused}
        </p>
      )}
      <textarea
        ref={area}
        rows={1}
        aria-label={roomWords.message}
        aria-autocomplete="list"
        {...(query ? { 'aria-controls': 'mentions', 'aria-activedescendant': `mention-${chosen}` } : {})}
        {...(!query && slashes ? { 'aria-controls': 'slashes', 'aria-activedescendant': `slash-${chosen}` } : {})}
        placeholder={roomWords.message}
        value={text}
        dir="auto"
        enterkeyhint={enterSends() ? 'send' : 'enter'}
        onInput={(event) => {
          setText(event.currentTarget.value)
          props.onTyped()
          follow(event.currentTarget)
          setChoice(0)
          setRefused('')
        }}
        onSelect={(event) => follow(event.currentTarget)}
        onKeyDown={onKey}
      />
      <button
        type="submit"
        class={text.trim() === '' ? 'send idle' : 'send'}
        aria-label={editing ? messageWords.save : roomWords.send}
      >
        <Icon name={editing ? 'tick' : 'send'} />
      </button>
    </form>
  )
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
