/** Where messages are written and changed. What was begun stays with its room until it is sent; an edit never eats it. */
import { type CommandName, namesFor, readTyped, type Typed } from '@qsec/client/commands'
import type { JSX } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Draft, FilesView, MessageView, PersonView, RoomAddress } from '../client-gate.ts'
import { enterSends, isSending } from '../commands/enter.ts'
import { SlashList } from '../commands/fetched.ts'
import { reasonOf, report } from '../problems.ts'
import { fileWords } from '../words/files.ts'
import { messageWords, quoteWords } from '../words/messages.ts'
import type { Namer } from '../words/people.ts'
import { privateWords } from '../words/private.ts'
import { problemWords } from '../words/problems.ts'
import { roomWords } from '../words/room.ts'
import { Addressing } from './compose/addressing.tsx'
import { type Addressee, textFor } from './compose/begun.ts'
import { mentionedIn, mentionQuery } from './compose/mentions.ts'
import { insertAt, isComposing, startsMessage, takesText, touch } from './compose/typing.ts'
import { useAddressees } from './compose/use-addressees.ts'
import { useBegun } from './compose/use-begun.ts'
import { useChanging } from './compose/use-changing.ts'
import { useKept } from './compose/use-kept.ts'
import { Preparing, Recorder, Tray } from './fetched-files.ts'
import { LifetimeChoice, Mentioning } from './fetched-messages.ts'
import { AttachButton, RecordButton } from './files/attach-button.tsx'
import { usePicked } from './files/picked.ts'
import { useSendFiles } from './files/use-send-files.ts'
import { Icon } from './icon.tsx'

export interface ComposerProps {
  room: RoomAddress
  people: readonly PersonView[]
  nameOf: Namer
  /** What was begun before this page was opened: all of it, and the newest. */
  drafts: readonly Draft[]
  draft: Draft | undefined
  onDraft(draft: Draft): void
  /** The room's rule is that nothing is said without quantum keys, and private messages have none. */
  wantsQuantum: boolean
  /** Seconds that a message of the room lives at most. */
  roomLifetimeS: number | undefined
  onTyped(): void
  /** The message that is answered, and the own one that is changed. */
  replyTo: MessageView | undefined
  editing: MessageView | undefined
  onSend(text: string, more: { replyTo?: string; mentions?: string[]; lifetimeS?: number }): Promise<string>
  /** The files of the room: how large they may be, and which are made ready to go. */
  files: FilesView
  onAttach: Parameters<typeof useSendFiles>[1]
  /** Does what was typed behind a slash; resolves to why it was not done, in words. */
  onCommand(typed: Exclude<Typed, { type: 'text' }>): Promise<string | undefined>
  /** Says it to the person behind that device alone. */
  onTell(device: PersonView['device'], text: string, more: { replyTo?: string; lifetimeS?: number }): Promise<string>
  onEdit(key: string, text: string, mentions: string[]): Promise<void>
  onNoReply(): void
  onNoEdit(): void
  /** Up in an empty composer. */
  onEditLast(): void
}

export function Composer(props: ComposerProps): JSX.Element {
  const { room, people, nameOf, replyTo, editing, onSend, onEdit, onNoReply } = props
  const { begun, setText: setBegun, textNow, choose: chooseBegun } = useBegun(room, props.drafts, props.draft)
  const { to } = begun
  const draft = textFor(begun, to)
  const addressees = useAddressees(people, nameOf, begun, props.wantsQuantum)
  const { blocked } = addressees
  const noteId = useId()
  const [lifetimeS, setLifetime] = useState<number>()
  const [caret, setCaret] = useState(0)
  const [choice, setChoice] = useState(0)
  /** Why what stands there was not done. */
  const [refused, setRefused] = useState('')
  const area = useRef<HTMLTextAreaElement>(null)
  const changing = useChanging(editing, props.onEditLast, props.onNoEdit)
  const { of: changed } = changing
  const chosenFiles = usePicked(room, changed ? undefined : props.files.bytesAtMost, to, toText)
  const picked = chosenFiles.for(to)
  const attaches = picked !== undefined && picked.items.length > 0
  const { sending, sendFiles } = useSendFiles(picked, props.onAttach)
  /** A recording is for whom it was begun. */
  const [recordsFor, setRecordsFor] = useState<{ to: Addressee }>()
  const text = changed ? changing.text : draft
  // A private message is for one person: nobody else can be meant.
  const isForAll = changed ? !changed.privately : to === undefined
  const query = isForAll ? mentionQuery(text, caret, people) : undefined
  const slashes = changed ? undefined : namesFor(text, caret)
  const offered = query ? query.people.length : (slashes?.length ?? 0)
  const chosen = offered > 0 ? choice % offered : 0
  const setText = changed ? changing.setText : (next: string) => setBegun(to, next)

  // Kept a moment after the last word, and at once when the page is put away.
  const keep = useKept(() => props.onDraft({ text: draft, ...forWhom(to), ...answered(replyTo) }))
  useEffect(() => {
    const { text: before = '', replyTo: answers, to: whom } = props.draft ?? {}
    if (draft !== before || replyTo?.key !== answers || to !== whom) keep()
  }, [draft, replyTo?.key, to])

  // What answers a private message is for that person alone.
  useLayoutEffect(() => {
    if (replyTo?.privately && replyTo.privately.person !== to) choose(replyTo.privately.person)
  }, [replyTo?.key])

  function choose(next: Addressee): void {
    const { before, now } = chooseBegun(next)
    chosenFiles.carry(before.to, next)
    // What was moved away must not come back with the next page.
    props.onDraft({ text: textFor(now, before.to), ...forWhom(before.to) })
    if (replyTo?.privately && replyTo.privately.person !== next) onNoReply()
  }

  // As high as what is written; the style sheet sets the limit.
  useLayoutEffect(() => {
    const element = area.current!
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }, [text])

  // Before the page takes another key: what is typed after Reply belongs here, however fast it comes.
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
      if (area.current === null || takesText(event.target)) return
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

  /** The button that was pressed is gone, or has done its work. On glass the keyboard stays where it is. */
  function toText(): void {
    if (!touch() && !takesText(document.activeElement)) area.current?.focus()
  }

  const ended = (end: () => void) => () => {
    end()
    toText()
  }

  async function send(): Promise<void> {
    area.current?.focus()
    if (text.trim() === '' && !attaches) return
    const mentions = isForAll ? mentionedIn(text, people) : []
    if (changed) return change(changed, mentions)
    const typed = readTyped(text)
    if (typed.type !== 'text') return command(typed)
    // It stays here, and goes to nobody else.
    if (blocked !== undefined) return report(blocked)
    setBegun(to, '')
    onNoReply()
    if (props.draft) props.onDraft({ text: '', ...forWhom(to) })
    const device = addressees.deviceOf(to)
    try {
      const said = typed.text
      const more = { ...answered(replyTo), ...(lifetimeS === undefined ? {} : { lifetimeS }) }
      const toAll = { ...more, ...(mentions.length > 0 ? { mentions } : {}) }
      if (to !== undefined && !device) throw new Error('composer: nobody to tell, and nothing was blocked')
      if (attaches) await sendFiles(said, device ? { ...more, to: device } : toAll)
      else {
        const sent = device ? props.onTell(device, said, more) : onSend(said, toAll)
        changing.onSent({ text: said, privately: device !== undefined, sent })
        await sent
      }
    } catch (error) {
      const since = textNow(to)
      setBegun(to, since === '' ? text : `${text}\n${since}`)
      if (isCancelled(error)) return
      const failed =
        to !== undefined
          ? privateWords.noTell(addressees.nameOf(to))
          : attaches
            ? fileWords.notSent
            : problemWords.noSend
      report(`${failed} ${reasonOf(error)}`.trim())
    }
  }

  async function change({ key, text: before }: NonNullable<typeof changed>, mentions: string[]): Promise<void> {
    changing.end()
    if (text === before) return
    try {
      const said = await Promise.resolve(key).catch(() => undefined)
      // Its sender has told why it was not sent.
      if (said === undefined) setBegun(to, text)
      else await onEdit(said, text, mentions)
    } catch (error) {
      report(`${messageWords.notChanged} ${reasonOf(error)}`.trim())
    }
  }

  /** What is no message goes off the field at once, for what is typed next; what was refused comes back to it. */
  async function command(typed: Exclude<Typed, { type: 'text' }>): Promise<void> {
    if (typed.type === 'command') setBegun(to, '')
    try {
      const why = await props.onCommand(typed)
      setRefused(why ?? '')
      if (why === undefined) return
    } catch (error) {
      setRefused(reasonOf(error))
    }
    if (textNow(to) === '') setBegun(to, text)
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
    if (isComposing(event)) return
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
      else if (changed) changing.end()
      else if (replyTo) onNoReply()
      else if (to !== undefined) choose(undefined)
      else return
      event.stopPropagation()
    } else if (key === 'ArrowUp' && text === '' && !changed) {
      event.preventDefault()
      changing.last()
    } else if (isSending(event)) {
      event.preventDefault()
      void send()
    }
  }

  const follow = (element: HTMLTextAreaElement): void => setCaret(element.selectionEnd)
  return (
    <form
      class={isForAll ? 'composer' : 'composer private'}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {changed ? (
        <Strip
          title={messageWords.editing}
          words={changed.quoted}
          end={messageWords.noEdit}
          onEnd={ended(changing.end)}
        />
      ) : (
        replyTo && (
          <Strip
            title={messageWords.replyingTo(nameOf(replyTo.author))}
            words={quoteWords(replyTo)}
            end={messageWords.noReply}
            onEnd={ended(onNoReply)}
          />
        )
      )}
      {!changed && (
        <Addressing to={to} options={addressees.options} noteId={noteId} blocked={blocked} onChoose={choose}>
          <LifetimeChoice chosen={lifetimeS} room={props.roomLifetimeS} onChoose={setLifetime} />
        </Addressing>
      )}
      {picked?.dragged && <p class="dropping">{fileWords.drop}</p>}
      {attaches && <Tray picked={picked} />}
      {recordsFor && (
        <Recorder
          onRecorded={(sound) => chosenFiles.add(recordsFor.to, sound)}
          onClose={() => setRecordsFor(undefined)}
        />
      )}
      {sending && <Preparing making={props.files.making} onCancel={() => sending.abort()} />}
      {query && <Mentioning people={query.people} choice={chosen} nameOf={nameOf} onPick={mention} />}
      {!query && slashes && <SlashList names={slashes} choice={chosen} onPick={complete} />}
      {refused !== '' && (
        <p class="refused" role="alert">
          {refused}
        </p>
      )}
      {picked && (
        <>
          <AttachButton picked={picked} />
          {!recordsFor && <RecordButton onPress={() => setRecordsFor({ to })} />}
        </>
      )}
      <textarea
        ref={area}
        rows={1}
        aria-label={roomWords.message}
        aria-autocomplete="list"
        {...(query ? { 'aria-controls': 'mentions', 'aria-activedescendant': `mention-${chosen}` } : {})}
        {...(!query && slashes ? { 'aria-controls': 'slashes', 'aria-activedescendant': `slash-${chosen}` } : {})}
        aria-describedby={noteId}
        placeholder={to === undefined || changed ? roomWords.message : privateWords.placeholder(addressees.nameOf(to))}
        value={text}
        dir="auto"
        enterkeyhint={enterSends() ? 'send' : 'enter'}
        onInput={(event) => {
          setText(event.currentTarget.value)
          // Everybody would be told, of what is for one person.
          if (to === undefined) props.onTyped()
          follow(event.currentTarget)
          setChoice(0)
          setRefused('')
        }}
        onSelect={(event) => follow(event.currentTarget)}
        onKeyDown={onKey}
      />
      <button
        type="submit"
        class={text.trim() === '' && !attaches ? 'send idle' : 'send'}
        aria-label={changed ? messageWords.save : roomWords.send}
      >
        <Icon name={changed ? 'tick' : 'send'} />
      </button>
    </form>
  )
}

/** The person stopped it. */
function isCancelled(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

function forWhom(to: Addressee): { to?: string } {
  return to === undefined ? {} : { to }
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
