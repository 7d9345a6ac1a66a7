/** Beside the conversation: the people always where there is room for them, everything else with *Room details*. */
import type { JSX } from 'preact'
import { useContext, useState } from 'preact/hooks'
import type { PersonView, RoomClient, RoomSnapshot } from '../client-gate.ts'
import { DeviceContext } from '../device-context.ts'
import { attempt, reasonOf, report } from '../problems.ts'
import { deviceWords } from '../words/device.ts'
import type { Namer } from '../words/people.ts'
import { problemWords } from '../words/problems.ts'
import { roomWords } from '../words/room.ts'
import { trustWords } from '../words/trust.ts'
import { Icon } from './icon.tsx'
import { lazy } from './lazy.tsx'
import { Devices, RoomSettings } from './membership/lazy.ts'
import { People } from './people.tsx'
import { QuantumPanel } from './quantum-panel.tsx'
import { RoomLog } from './room-log.tsx'
import { SwitchRow } from './switch-row.tsx'

interface Props {
  snapshot: RoomSnapshot
  client: RoomClient
  nameOf: Namer
  details: boolean
  onPerson(person: PersonView): void
  onVerify(): void
  onLeave(): void
  onCloseRoom(): void
  onBack(): void
}

export function SidePanels({
  snapshot,
  client,
  nameOf,
  details,
  onPerson,
  onVerify,
  onLeave,
  onCloseRoom,
  onBack,
}: Props): JSX.Element {
  return (
    <aside class="side" id="side" aria-label={roomWords.side}>
      {details && (
        <button type="button" class="button back-to-messages" onClick={onBack}>
          <Icon name="back" />
          {roomWords.backToMessages}
        </button>
      )}
      <People snapshot={snapshot} client={client} nameOf={nameOf} onPerson={onPerson} onVerify={onVerify} />
      {details && (
        <>
          {snapshot.agreement && (
            <RoomSettings
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
          />
          <RoomLog lines={snapshot.roomLog} />
          <section class="panel">
            <SwitchRow
              words={trustWords.unlinked}
              help={trustWords.unlinkedHelp}
              on={!snapshot.trust.tellsProfile}
              onSwitch={(on) => attempt(client.tellProfile(!on), problemWords.noTell)}
            />
            <p class="panel-help">{roomWords.kindHelp(snapshot.kind)}</p>
            <OwnHistory snapshot={snapshot} />
            <button type="button" class="button danger wide" onClick={onLeave}>
              <Icon name="leave" />
              {roomWords.leave}
            </button>
          </section>
        </>
      )}
    </aside>
  )
}

const ExportDialog = lazy(async () => (await import('./export-dialog.tsx')).ExportDialog, {
  onFailed: ({ onClose }) => onClose(),
})

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
