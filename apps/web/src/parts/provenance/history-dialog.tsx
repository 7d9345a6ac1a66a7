/** Where the keys of each epoch came from, as this device has noted it, and the same as a file. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { EpochView, RoomClient, RoomSnapshot } from '../../client-gate.ts'
import { save } from '../../download.ts'
import type { Namer } from '../../words/people.ts'
import { provenanceWords } from '../../words/provenance.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { Dialog } from '../dialog.tsx'
import { useAsk } from '../use-ask.ts'
import { Epoch } from './epoch.tsx'

interface Props {
  client: RoomClient
  snapshot: Pick<RoomSnapshot, 'address' | 'epoch' | 'quantum'>
  nameOf: Namer
  onClose(): void
}

const shownAtFirst = 20

export function HistoryDialog({ client, snapshot, nameOf, onClose }: Props): JSX.Element {
  const reading = useAsk(provenanceWords.failed)
  const saving = useAsk(provenanceWords.exportFailed)
  const [epochs, setEpochs] = useState<readonly EpochView[]>()
  const [shown, setShown] = useState(shownAtFirst)

  // Of the present epoch more can become known: who has acknowledged, and what the links show.
  const { epoch, quantum } = snapshot
  useEffect(() => {
    void reading.put(async () => setEpochs(await client.epochs()))
  }, [client, epoch, quantum.label, quantum.linksCovered])

  const exported = async (): Promise<void> => {
    const content = new Blob([await client.exportEpochs()], { type: 'application/json' })
    save({ name: `qsec-key-history-${snapshot.address.slice(0, 8)}.json`, content })
  }

  return (
    <Dialog title={provenanceWords.title} onClose={onClose}>
      <p>{provenanceWords.intro}</p>
      <p class="panel-help">{provenanceWords.honest}</p>
      <Refusal ask={reading} />
      {epochs === undefined && reading.busy && <p aria-live="polite">{provenanceWords.reading}</p>}
      {epochs?.length === 0 && <p>{provenanceWords.empty}</p>}
      <ol class="epochs" aria-label={provenanceWords.list}>
        {epochs?.slice(0, shown).map((one) => (
          <Epoch key={`${one.epoch} ${one.atMs}`} epoch={one} nameOf={nameOf} />
        ))}
      </ol>
      {epochs && epochs.length > shown && (
        <button type="button" class="button" onClick={() => setShown(shown + shownAtFirst)}>
          {provenanceWords.more}
        </button>
      )}
      <Refusal ask={saving} />
      <div class="actions">
        <button type="button" class="button" autofocus onClick={onClose}>
          {provenanceWords.close}
        </button>
        <AskButton ask={saving} look="button primary" onPress={() => void saving.put(exported)}>
          {provenanceWords.export}
        </AskButton>
      </div>
    </Dialog>
  )
}
