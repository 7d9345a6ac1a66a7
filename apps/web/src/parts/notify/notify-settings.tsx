/** Of what this person is notified in this room. The browser is asked for leave only once they have chosen something. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { NotifyChoice, RoomClient } from '../../client-gate.ts'
import { attempt } from '../../problems.ts'
import { notifyWords, permissionWords } from '../../words/notify.ts'
import { pushWords } from '../../words/push.ts'
import { Choice } from '../membership/choice.tsx'
import { SwitchRow } from '../switch-row.tsx'
import { PushSwitch } from './push-switch.tsx'

const abouts = ['all', 'mentions', 'none'] as const
type Permission = Parameters<typeof permissionWords>[0]

interface Props {
  choice: NotifyChoice
  /** Whether the server calls devices that are away. */
  offersPush: boolean
  client: RoomClient
}

export function NotifySettings({ choice: kept, offersPush, client }: Props): JSX.Element {
  const [permission, setPermission] = usePermission()
  // What was pressed stands at once; it falls back where it cannot be stored.
  const [pressed, setPressed] = useState<Partial<NotifyChoice>>({})
  const presses = useRef(0)
  const [switching, setSwitching] = useState(false)
  const choice = { ...kept, ...pressed }
  const wants = choice.about !== 'none'
  const why = wants ? permissionWords(permission) : undefined

  function request(): void {
    if (permission === 'default') void Notification.requestPermission().then(setPermission)
  }

  function choose(change: Partial<NotifyChoice>): void {
    // Browsers take the question only in the moment of the press.
    if (change.about !== undefined && change.about !== 'none') request()
    setPressed((before) => ({ ...before, ...change }))
    const press = ++presses.current
    const stored = client.chooseNotify(change).finally(() => press === presses.current && setPressed({}))
    attempt(stored, notifyWords.failed)
    if (change.about === 'none' && kept.push) switchPush(false)
  }

  function switchPush(on: boolean): void {
    setSwitching(true)
    const work = import('../../notify/push.ts').then((part) =>
      on ? leaveThen(part.switchPushOn) : part.switchPushOff(client),
    )
    attempt(
      work.finally(() => setSwitching(false)),
      pushWords.failed,
    )
  }

  /** Without leave to show notifications no browser is called. */
  async function leaveThen(switchOn: (client: RoomClient) => Promise<void>): Promise<void> {
    const leave = permission === 'default' ? await Notification.requestPermission() : permission
    setPermission(leave)
    if (leave === 'granted') await switchOn(client)
  }

  return (
    <section class="panel" aria-labelledby="notify-title">
      <h2 id="notify-title">{notifyWords.title}</h2>
      <Choice
        legend={notifyWords.about}
        value={choice.about}
        choices={abouts.map((value) => ({ value, words: notifyWords.abouts[value] }))}
        help={notifyWords.help}
        onChoose={(about) => choose({ about })}
      />
      {why !== undefined && (
        <p class="asks" role="status">
          {why}
        </p>
      )}
      {wants && permission === 'default' && (
        <button type="button" class="button small" onClick={request}>
          {notifyWords.ask}
        </button>
      )}
      {wants && (
        <>
          <SwitchRow
            words={notifyWords.content}
            help={notifyWords.contentHelp}
            on={choice.content}
            onSwitch={(content) => choose({ content })}
          />
          <SwitchRow
            words={notifyWords.sound}
            help={notifyWords.soundHelp}
            on={choice.sound}
            onSwitch={(sound) => choose({ sound })}
          />
          {(offersPush || choice.push) && (
            <PushSwitch
              on={choice.push === true}
              busy={switching}
              forMentions={choice.about === 'mentions'}
              onSwitch={switchPush}
            />
          )}
        </>
      )}
    </section>
  )
}

/** What the browser allows now; follows what somebody changes in its settings. */
function usePermission(): [Permission, (now: Permission) => void] {
  const [permission, setPermission] = useState<Permission>(permissionNow)
  useEffect(() => {
    const ended = new AbortController()
    const update = (): void => setPermission(permissionNow())
    window.addEventListener('focus', update, { signal: ended.signal })
    // Not every browser tells; then it is looked at when the page comes to the front.
    navigator.permissions?.query({ name: 'notifications' }).then(
      (status) => status.addEventListener('change', update, { signal: ended.signal }),
      () => undefined,
    )
    return () => ended.abort()
  }, [])
  return [permission, setPermission]
}

function permissionNow(): Permission {
  return typeof Notification === 'undefined' ? 'impossible' : Notification.permission
}
