/** What this browser keeps: its lock, its rooms, backups, and the end of it all. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { shortAddress } from '../address.ts'
import type { Keeper, Kept, VaultState } from '../keeper.ts'
import { AboutButton } from '../kept/about-button.tsx'
import { BackupDialog } from '../parts/backup-dialog.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { EraseDialog } from '../parts/erase-dialog.tsx'
import { ExportDialog } from '../parts/export-dialog.tsx'
import { LanguageChoice } from '../parts/language-choice.tsx'
import { Mark } from '../parts/mark.tsx'
import { ProtectDialog } from '../parts/protect-dialog.tsx'
import { RestoreDialog } from '../parts/restore-dialog.tsx'
import { reasonOf } from '../problems.ts'
import { deviceWords } from '../words/device.ts'
import { roomsWords } from '../words/rooms.ts'
import { RestoredHistory } from './restored-history.tsx'

type Asking =
  | { what: 'protect' | 'unprotect' | 'backup' | 'restore' | 'erase' }
  | { what: 'export' | 'read'; which: Kept }

interface Props {
  keeper: Keeper
  onHome(): void
}

export function Device({ keeper, onHome }: Props): JSX.Element {
  const [state, setState] = useState<VaultState>()
  const [kept, setKept] = useState<Kept[]>()
  const [failure, setFailure] = useState('')
  const [done, setDone] = useState('')
  const [asking, setAsking] = useState<Asking>()
  const close = (): void => setAsking(undefined)

  async function look(): Promise<void> {
    try {
      setState(await keeper.state())
      setKept(await keeper.kept())
    } catch (error) {
      setFailure(`${deviceWords.failed} ${reasonOf(error)}`.trim())
    }
  }
  useEffect(() => void look(), [keeper])

  function finish(words: string): void {
    close()
    setDone(words)
    void look()
  }

  if (asking?.what === 'read') return <RestoredHistory keeper={keeper} which={asking.which} onBack={close} />
  return (
    <main class="device">
      <header class="home-head">
        <Mark />
        <h1>{deviceWords.title}</h1>
        <p>{deviceWords.help}</p>
      </header>
      <p class="device-done" role="status">
        {done}
      </p>
      {failure !== '' && (
        <p class="form-failure" role="alert">
          {failure}
        </p>
      )}
      {state === undefined && failure === '' && <p role="status">{deviceWords.loading}</p>}
      {state !== undefined && <Lock state={state} onAsk={(what) => setAsking({ what })} />}
      {kept !== undefined && (
        <Rooms
          kept={kept}
          onExport={(which) => setAsking({ what: 'export', which })}
          onRead={(which) => setAsking({ what: 'read', which })}
          onForget={(which) =>
            void keeper.forgetRestored(which).then(look, (error: unknown) => {
              setFailure(`${deviceWords.forgetFailed} ${reasonOf(error)}`.trim())
            })
          }
        />
      )}
      {kept !== undefined && (
        <section class="card" aria-labelledby="backup">
          <h2 id="backup">{deviceWords.backup}</h2>
          <p>{deviceWords.backupHelp}</p>
          <div class="actions">
            {kept.length > 0 && (
              <button type="button" class="button" onClick={() => setAsking({ what: 'backup' })}>
                {deviceWords.makeBackup}
              </button>
            )}
            <button type="button" class="button" onClick={() => setAsking({ what: 'restore' })}>
              {deviceWords.restoreBackup}
            </button>
          </div>
        </section>
      )}
      <section class="card" aria-labelledby="erase">
        <h2 id="erase">{deviceWords.erase}</h2>
        <p>{deviceWords.eraseHelp}</p>
        <div class="actions">
          <button type="button" class="button danger" onClick={() => setAsking({ what: 'erase' })}>
            {deviceWords.erase}
          </button>
        </div>
      </section>
      <div class="home-foot">
        <button type="button" class="button" onClick={onHome}>
          {deviceWords.home}
        </button>
        <AboutButton />
        <LanguageChoice />
      </div>
      {asking?.what === 'protect' && (
        <ProtectDialog
          keeper={keeper}
          title={state === 'open' ? deviceWords.set : deviceWords.change}
          onDone={() => finish(deviceWords.protectDone)}
          onClose={close}
        />
      )}
      {asking?.what === 'unprotect' && (
        <Confirm
          title={deviceWords.removeTitle}
          help={[deviceWords.removeHelp]}
          yes={deviceWords.removeYes}
          no={deviceWords.cancel}
          failed={deviceWords.unprotectFailed}
          work={() => keeper.unprotect()}
          onDone={() => finish('')}
          onClose={close}
        />
      )}
      {asking?.what === 'backup' && <BackupDialog keeper={keeper} onDone={finish} onClose={close} />}
      {asking?.what === 'restore' && <RestoreDialog keeper={keeper} onDone={finish} onClose={close} />}
      {asking?.what === 'erase' && <EraseDialog keeper={keeper} onClose={close} />}
      {asking?.what === 'export' && <ExportDialog keeper={keeper} which={asking.which} onClose={close} />}
    </main>
  )
}

function Lock({ state, onAsk }: { state: VaultState; onAsk(what: 'protect' | 'unprotect'): void }): JSX.Element {
  return (
    <section class="card" aria-labelledby="lock">
      <h2 id="lock">{deviceWords.lock}</h2>
      <p>{deviceWords.lockState(state)}</p>
      <div class="actions">
        <button type="button" class="button" onClick={() => onAsk('protect')}>
          {state === 'open' ? deviceWords.set : deviceWords.change}
        </button>
        {state !== 'open' && (
          <button type="button" class="button" onClick={() => onAsk('unprotect')}>
            {deviceWords.remove}
          </button>
        )}
      </div>
    </section>
  )
}

interface RoomsProps {
  kept: Kept[]
  onExport(which: Kept): void
  onRead(which: Kept): void
  onForget(which: Kept): void
}

function Rooms({ kept, onExport, onRead, onForget }: RoomsProps): JSX.Element {
  return (
    <section class="card" aria-labelledby="kept">
      <h2 id="kept">{deviceWords.kept}</h2>
      {kept.length === 0 && <p>{deviceWords.none}</p>}
      {kept.length > 0 && (
        <ul class="kept">
          {kept.map((one) => {
            const name = shortAddress(one.room)
            const called = one.restored ? deviceWords.restoredName(name) : name
            return (
              <li key={`${one.room} ${one.device}`}>
                <div class="kept-words">
                  <strong>{name}</strong>
                  <p>
                    {deviceWords.as(one)} · {deviceWords.messages(one.messages)}
                    {one.restored && ` · ${deviceWords.restored}`}
                  </p>
                </div>
                <div class="actions">
                  {one.restored ? (
                    <>
                      <Small words={deviceWords.read} of={called} onClick={() => onRead(one)} />
                      <Small words={deviceWords.export} of={called} onClick={() => onExport(one)} />
                      <Small words={deviceWords.forget} of={called} onClick={() => onForget(one)} />
                    </>
                  ) : (
                    <>
                      <a class="button small" href={`/room/${one.room}`} aria-label={`${roomsWords.open} ${called}`}>
                        {roomsWords.open}
                      </a>
                      <Small words={deviceWords.export} of={called} onClick={() => onExport(one)} />
                    </>
                  )}
                </div>
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}

function Small({ words, of, onClick }: { words: string; of: string; onClick(): void }): JSX.Element {
  return (
    <button type="button" class="button small" aria-label={`${words} ${of}`} onClick={onClick}>
      {words}
    </button>
  )
}
