/** What the room has agreed on: to change for those who may, in words for everybody else. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { AgreementView, RoomClient, RoomKind } from '../../client-gate.ts'
import { leaderWords, settingsSentences, settingsWords } from '../../words/membership.ts'
import type { Namer } from '../../words/people.ts'
import { closeWords } from '../../words/successor.ts'
import { Refusal } from '../ask-button.tsx'
import { Confirm } from '../confirm.tsx'
import { SwitchRow } from '../switch-row.tsx'
import { useAsk } from '../use-ask.ts'
import { Capacity } from './capacity.tsx'
import { Choice } from './choice.tsx'
import { RoomLifetime } from './room-lifetime.tsx'
import { RoomName } from './room-name.tsx'

interface Props {
  agreement: AgreementView
  title: string | undefined
  kind: RoomKind
  client: RoomClient
  nameOf: Namer
  /** Opens the dialog that lets a closed room take this open one's place. */
  onCloseRoom(): void
}

export function RoomSettings({ agreement, title, kind, client, nameOf, onCloseRoom }: Props): JSX.Element {
  const [ending, setEnding] = useState(false)
  const { owner, may } = agreement
  return (
    <section class="panel" aria-labelledby="settings-title">
      <h2 id="settings-title">{settingsWords.title}</h2>
      {may.change ? (
        <>
          <RoomName title={title} client={client} />
          <Lock locked={agreement.locked} client={client} />
          {kind === 'closed' && <AdmitBy admitBy={agreement.admitBy} client={client} />}
          <Capacity capacity={agreement.capacity} client={client} />
          <RequireQuantum required={agreement.quantum === 'required'} client={client} />
          <RoomLifetime lifetimeS={agreement.lifetimeS} client={client} />
          <KeepSealed days={agreement.keepSealed} client={client} />
        </>
      ) : (
        <>
          {settingsSentences(agreement, kind).map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          <p class="panel-help">{leaderWords(owner && nameOf(owner))}</p>
        </>
      )}
      {may.lead && kind === 'open' && (
        <div>
          <button type="button" class="button wide" aria-describedby="close-help" onClick={onCloseRoom}>
            {closeWords.open}
          </button>
          <p class="panel-help" id="close-help">
            {closeWords.openHelp}
          </p>
        </div>
      )}
      {may.lead && (
        <button type="button" class="button danger wide" onClick={() => setEnding(true)}>
          {settingsWords.end}
        </button>
      )}
      {ending && (
        <Confirm
          title={settingsWords.endTitle}
          help={settingsWords.endHelp}
          sure={{ words: settingsWords.endSure, missing: settingsWords.endNotSure }}
          yes={settingsWords.endYes}
          no={settingsWords.cancel}
          work={() => client.endRoom()}
          onClose={() => setEnding(false)}
        />
      )}
    </section>
  )
}

function Lock({ locked, client }: { locked: boolean; client: RoomClient }): JSX.Element {
  const ask = useAsk()
  return (
    <div>
      <SwitchRow
        words={settingsWords.lock}
        help={settingsWords.lockHelp}
        on={locked}
        busy={ask.busy}
        onSwitch={(on) => void ask.put(() => client.changeRoom({ locked: on }))}
      />
      <Refusal ask={ask} />
    </div>
  )
}

function RequireQuantum({ required, client }: { required: boolean; client: RoomClient }): JSX.Element {
  const ask = useAsk()
  return (
    <div>
      <SwitchRow
        words={settingsWords.quantum}
        help={settingsWords.quantumHelp}
        on={required}
        busy={ask.busy}
        onSwitch={(on) => void ask.put(() => client.changeRoom({ quantum: on ? 'required' : 'offered' }))}
      />
      <Refusal ask={ask} />
    </div>
  )
}

/** Long enough for a holiday of two weeks. */
const daysFromHere = 14

function KeepSealed({ days, client }: { days: number | undefined; client: RoomClient }): JSX.Element {
  const ask = useAsk()
  return (
    <div>
      <SwitchRow
        words={settingsWords.keep}
        help={settingsWords.keepHelp(days ?? daysFromHere)}
        on={days !== undefined}
        busy={ask.busy}
        onSwitch={(on) => void ask.put(() => client.changeRoom({ keepSealed: on ? daysFromHere : undefined }))}
      />
      <Refusal ask={ask} />
    </div>
  )
}

function admitters(): readonly { value: AdmitBy; words: string }[] {
  return [
    { value: 'everyone', words: settingsWords.everyone },
    { value: 'admins', words: settingsWords.admins },
  ]
}

type AdmitBy = AgreementView['admitBy']

function AdmitBy({ admitBy, client }: { admitBy: AdmitBy; client: RoomClient }): JSX.Element {
  const ask = useAsk()
  const [wanted, want] = useState<AdmitBy>(admitBy)

  async function choose(value: AdmitBy): Promise<void> {
    if (ask.busy) return
    want(value)
    await ask.put(() => client.changeRoom({ admitBy: value }))
  }

  return (
    <div>
      <Choice
        legend={settingsWords.admit}
        help={settingsWords.admitHelp}
        value={ask.busy ? wanted : admitBy}
        choices={admitters()}
        busy={ask.busy}
        onChoose={(value) => void choose(value)}
      />
      <Refusal ask={ask} />
    </div>
  )
}
