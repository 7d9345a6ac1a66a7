/** This person's own devices in the room: which they are, a way to take one out, and a way to bring another in. */
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { RoomClient, RoomSnapshot } from '../../client-gate.ts'
import { devicesWords } from '../../words/devices.ts'
import { peopleWords } from '../../words/people.ts'
import { Confirm } from '../confirm.tsx'
import { Icon } from '../icon.tsx'
import { LinkDialog } from './link-dialog.tsx'

interface Props {
  devices: RoomSnapshot['devices']
  link: RoomSnapshot['deviceLink']
  client: RoomClient
}

type Device = RoomSnapshot['devices'][number]

export function Devices({ devices, link, client }: Props): JSX.Element {
  const [linking, setLinking] = useState(false)
  const [removing, setRemoving] = useState<Device>()
  const title = useRef<HTMLHeadingElement>(null)
  return (
    <section class="panel" aria-labelledby="devices-title">
      <h2 id="devices-title" ref={title} tabIndex={-1}>
        {devicesWords.title}
      </h2>
      <p class="panel-help">{devicesWords.help}</p>
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets */}
      <ul role="list" class="own-devices" aria-label={devicesWords.list}>
        {devices.map((device) => (
          <li key={device.device}>
            <Icon name="device" />
            <div class="own-device">
              <strong>{device.self ? devicesWords.this : devicesWords.other}</strong>
              <p>
                {devicesWords.facts(
                  device.present ? peopleWords.present : peopleWords.away,
                  devicesWords.added(device.addedMs),
                  devicesWords.code,
                )}{' '}
                <code>{device.code}</code>
              </p>
              {!device.self && (
                <button
                  type="button"
                  class="button small danger"
                  aria-label={devicesWords.removeOf(device.code)}
                  onClick={() => setRemoving(device)}
                >
                  {devicesWords.remove}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
      <button type="button" class="button wide" aria-haspopup="dialog" onClick={() => setLinking(true)}>
        <Icon name="device" />
        {devicesWords.link}
      </button>
      {linking && <LinkDialog link={link} client={client} onClose={() => setLinking(false)} />}
      {removing && (
        <Confirm
          title={devicesWords.removeTitle}
          help={devicesWords.removeHelp(removing.code)}
          yes={devicesWords.removeYes}
          no={devicesWords.cancel}
          work={() => client.removeDevice(removing.device)}
          onClose={() => setRemoving(undefined)}
          // The line with the button is gone, and with it the focus.
          onDone={() => requestAnimationFrame(() => title.current?.focus())}
        />
      )}
    </section>
  )
}
