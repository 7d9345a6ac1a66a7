/** The bar at a message: quick reactions, reply, edit, and what is needed seldom. Arrows go along it, Esc leaves it. */
import type { JSX } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { MessageView } from '../../client-gate.ts'
import { attempt } from '../../problems.ts'
import { detailsWords } from '../../words/details.ts'
import { direction } from '../../words/locale.ts'
import { messageWords } from '../../words/messages.ts'
import type { Namer } from '../../words/people.ts'
import { Icon, type IconName } from '../icon.tsx'
import type { MessageActions } from './actions.ts'
import { quickSigns } from './emoji.ts'

interface Props {
  message: MessageView
  nameOf: Namer
  actions: MessageActions
}

export function Tools({ message, nameOf, actions }: Props): JSX.Element {
  const bar = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  const id = useId()
  const own = (sign: string): boolean => message.reactions?.some((one) => one.sign === sign && one.own) === true

  // Of a message that begins above what is seen of the log, it stands where that begins.
  useLayoutEffect(() => {
    const element = bar.current!
    const hiddenPx = element.closest('.log')!.getBoundingClientRect().top - element.getBoundingClientRect().top
    if (hiddenPx > 0) element.style.marginBlockStart = `${hiddenPx}px`
  }, [])

  function onKey(event: KeyboardEvent): void {
    const buttons = [...bar.current!.querySelectorAll<HTMLElement>(open ? '.tool-menu button' : ':scope > button')]
    const at = buttons.indexOf(document.activeElement as HTMLElement)
    const forth = direction() === 'rtl' ? -1 : 1
    const step = { ArrowRight: forth, ArrowDown: 1, ArrowLeft: -forth, ArrowUp: -1 }[event.key]
    if (event.key === 'Escape') {
      event.stopPropagation()
      if (open) close()
      else bar.current!.closest<HTMLElement>('[data-key]')?.focus()
    } else if (step !== undefined && buttons.length > 0) {
      event.preventDefault()
      event.stopPropagation()
      buttons[(at + step + buttons.length) % buttons.length]!.focus()
    }
  }

  function close(): void {
    setOpen(false)
    bar.current!.querySelector<HTMLElement>('[aria-haspopup]')?.focus()
  }

  return (
    <div
      ref={bar}
      class="tools"
      role="toolbar"
      aria-live="off" // it comes with each message that is passed by, and the log reads what comes
      aria-label={messageWords.tools(nameOf(message.author))}
      onKeyDown={onKey}
    >
      {quickSigns.map((sign) => (
        <button
          key={sign}
          type="button"
          class="tool sign"
          aria-label={messageWords.reactWith(sign)}
          aria-pressed={own(sign)}
          onClick={() => actions.react(message, sign, !own(sign))}
        >
          {sign}
        </button>
      ))}
      <Tool icon="smile" words={messageWords.react} onPress={() => actions.ask('react', message)} />
      <Tool icon="reply" words={messageWords.reply} onPress={() => actions.reply(message)} />
      {message.own && <Tool icon="edit" words={messageWords.edit} onPress={() => actions.edit(message)} />}
      <button
        type="button"
        class="tool"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        aria-label={messageWords.more}
        title={messageWords.more}
        onClick={() => (open ? close() : setOpen(true))}
      >
        <Icon name="more" />
      </button>
      {open && <Menu id={id} message={message} actions={actions} onClose={close} />}
    </div>
  )
}

function Tool({ icon, words, onPress }: { icon: IconName; words: string; onPress(): void }): JSX.Element {
  return (
    <button type="button" class="tool" aria-label={words} title={words} onClick={onPress}>
      <Icon name={icon} />
    </button>
  )
}

interface MenuProps extends Pick<Props, 'message' | 'actions'> {
  id: string
  onClose(): void
}

function Menu({ id, message, actions, onClose }: MenuProps): JSX.Element {
  const menu = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => menu.current!.querySelector<HTMLElement>('button')?.focus(), [])
  const item = (words: string, run: () => void, look = ''): JSX.Element => (
    <button
      type="button"
      role="menuitem"
      class={look}
      onClick={() => {
        onClose()
        run()
      }}
    >
      {words}
    </button>
  )
  return (
    <div ref={menu} class="tool-menu" role="menu" id={id} aria-label={messageWords.more}>
      {item(messageWords.copy, () => attempt(navigator.clipboard.writeText(message.text), messageWords.noCopy))}
      {message.reactions && item(messageWords.whoReacted, () => actions.ask('reactions', message))}
      {item(detailsWords.open, () => actions.ask('details', message))}
      {message.own && item(messageWords.remove, () => actions.ask('remove', message), 'danger')}
    </div>
  )
}
