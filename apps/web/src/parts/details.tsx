/** Below the people, with *Room details*: the room's settings, own devices, the quantum link, the room log, and the way out. */
import type { JSX } from 'preact'
import { useContext, useState } from 'preact/hooks'
import type { RoomClient, RoomSnapshot } from '../client-gate.ts'
import { chooseEnter, enterSends } from '../commands/enter.ts'
import { DeviceContext } from '../device-context.ts'
import { attempt, reasonOf, report } from '../problems.ts'
import { commandWords } from '../words/commands.ts'
import { deviceWords } from '../words/device.ts'
import { messageWords } from '../words/messages.ts'
import type { Namer } from '../words/people.ts'
import { problemWords } from '../words/problems.ts'
import { roomWords } from '../words/room.ts'
import { roomsWords } from '../words/rooms.ts'
import { verifyWords } from '../words/verify.ts'
import { ExportDialog } from './export-dialog.tsx'
import { Icon } from './icon.tsx'
import { lazy } from './lazy.tsx'
import { Devices } from './membership/devices.tsx'
import { RoomSettings } from './membership/room-settings.tsx'
import { QuantumPanel } from './quantum-panel.tsx'
import { RoomLog } from './room-log.tsx'
import { SwitchRow } from './switch-row.tsx'

const HistoryDialog = lazy(async () => (await import('./provenance/history-dialog.tsx')).HistoryDialog, {
  onFailed: ({ onClose }) => onClose(),
})
const NotifySettings = lazy(async () => (await import('./notify/notify-settings.tsx')).NotifySettings)
const ServerPanel = lazy(async () => (await import('./server/server-panel.tsx')).ServerPanel)

interface Props {
  snapshot: RoomSnapshot
  client: RoomClient
  nameOf: Namer
  onLeave(): void
  onCloseRoom(): void
}

export function Details({ snapshot, client, nameOf, onLeave, onCloseRoom }: Props): JSX.Element {
  const [history, setHistory] = useState(false)
  return (
    <>
      {snapshot.agreement && (
        <RoomSettings
          title={snapshot.title}
          agreement={snapshot.agreement}
          kind={snapshot.kind}
          client={client}
          nameOf={nameOf}
          onCloseRoom={onCloseRoom}
        />
      )}
      {snapshot.agreement && <Devices devices={snapshot.devices} link={snapshot.deviceLink} client={client} />}
      <QuantumPanel
        quantum={snapshot.quantum}
        nameOf={nameOf}
        alone={snapshot.people.length <= 1}
        onSwitch={(on) => attempt(client.switchEavesdropper(on), problemWords.noSwitch)}
        onRun={() => run(client)}
        onHistory={() => setHistory(true)}
      />
      {history && (
        <HistoryDialog client={client} snapshot={snapshot} nameOf={nameOf} onClose={() => setHistory(false)} />
      )}
      <NotifySettings choice={snapshot.reading.notify} offersPush={snapshot.push !== undefined} client={client} />
      <RoomLog lines={snapshot.roomLog} />
      {snapshot.phase.at === 'member' && <ServerPanel client={client} owner={snapshot.agreement?.role === 'owner'} />}
      <section class="panel">
        <SwitchRow
          words={verifyWords.unlinked}
          help={verifyWords.unlinkedHelp}
          on={!snapshot.trust.tellsProfile}
          onSwitch={(on) => attempt(client.tellProfile(!on), problemWords.noTell)}
        />
        <SwitchRow
          words={messageWords.tellTyping}
          help={messageWords.tellTypingHelp}
          on={snapshot.reading.tellsTyping}
          onSwitch={(on) => attempt(client.tellAware('typing', on), messageWords.noSwitch)}
        />
        <SwitchRow
          words={messageWords.tellRead}
          help={messageWords.tellReadHelp}
          on={snapshot.reading.tellsRead}
          onSwitch={(on) => attempt(client.tellAware('read', on), messageWords.noSwitch)}
        />
        <SwitchRow
          words={commandWords.enterSwitch}
          help={commandWords.enterHelp}
          on={enterSends()}
          onSwitch={chooseEnter}
        />
        <p class="panel-help">{roomWords.kindHelp(snapshot.kind)}</p>
        <OwnHistory snapshot={snapshot} />
        <button type="button" class="button danger wide" onClick={onLeave}>
          <Icon name="leave" />
          {roomWords.leave}
        </button>
      </section>
    </>
  )
}

/** What this device has of the room, to take along; and the way to everything else that it keeps. */
function OwnHistory({ snapshot }: Pick<Props, 'snapshot'>): JSX.Element | null {
  const device = useContext(DeviceContext)
  const [exporting, setExporting] = useState(false)
  if (!device) return null
  const which = { room: snapshot.address, device: snapshot.self.device, restored: false }
  return (
    <>
      <button type="button" class="button wide" onClick={() => setExporting(true)}>
        <Icon name="save" />
        {deviceWords.exportTitle}
      </button>
      <a class="button wide" href="/">
        <Icon name="back" />
        {roomsWords.title}
      </a>
      <button type="button" class="button wide" onClick={device.open}>
        <Icon name="device" />
        {deviceWords.open}
      </button>
      {exporting && <ExportDialog keeper={device.keeper} which={which} onClose={() => setExporting(false)} />}
    </>
  )
}

function run(client: RoomClient): void {
  try {
    client.runKeyExchange()
  } catch (error) {
    report(`${problemWords.noRun} ${reasonOf(error)}`.trim())
  }
}
