/** The keeper over the real storage. What backups need is loaded when somebody asks for it. */
import type { Secret as Key, Vault } from '@qsec/client'
import type { Describe } from '@qsec/client/backup'
import type { Download, Keeper, Kept, NewCode, Opening, Restoring, Typed } from './keeper.ts'
import { language } from './language/language.ts'
import { tellOtherTabs } from './other-tabs.ts'
import { fetched, SaidError } from './problems.ts'
import { deviceWords } from './words/device.ts'
import { historyPageWords } from './words/history.ts'
import { direction } from './words/locale.ts'
import { namerOf } from './words/people.ts'
import { systemWords } from './words/system.ts'

export interface KeeperParts {
  client: typeof import('@qsec/client')
  browser: typeof import('@qsec/client/browser')
  vault: Vault
}

const lockedMark = 'qsec:locked'

/** @param opened - the client with its vault, opened at the first use */
export function realKeeper(opened: () => Promise<KeeperParts>, stretching: () => Worker): Keeper {
  const backups = () => fetched(import('@qsec/client/backup'))
  const describe: Describe = (event, people) => systemWords(event, namerOf(people))

  async function keyOf(typed: Typed): Promise<Key | undefined> {
    if ('passphrase' in typed) return typed
    const recovery = (await opened()).client.parseRecoveryCode(typed.code)
    return recovery && { recovery }
  }

  async function historyOf({ room, device, restored }: Pick<Kept, 'room' | 'device' | 'restored'>) {
    const [{ vault }, backup] = await Promise.all([opened(), backups()])
    const found = restored
      ? (await backup.restoredHistories(vault.storage)).find((one) => one.room === room && one.device === device)
      : await backup.readHistory(vault.storage, { room, device: device as never }, describe, Date.now())
    if (!found) throw new SaidError(deviceWords.historyGone)
    return found
  }

  function mark(vault: Vault): void {
    if (vault.state === 'open') localStorage.removeItem(lockedMark)
    else localStorage.setItem(lockedMark, '1')
  }

  return {
    mayBeLocked: () => localStorage.getItem(lockedMark) !== null,
    async state() {
      const { vault } = await opened()
      mark(vault)
      return vault.state
    },
    async unlock(typed): Promise<Opening> {
      const { vault } = await opened()
      const key = await keyOf(typed)
      if (!key) return 'no-code'
      return (await vault.unlock(key)) ? 'opened' : 'wrong'
    },
    async newCode(): Promise<NewCode> {
      const { client, browser } = await opened()
      const secret = client.newRecoverySecret(browser.browserRandom)
      return {
        secret,
        text: client.formatRecoveryCode(secret),
        matches(typed) {
          const parsed = client.parseRecoveryCode(typed)
          return parsed !== undefined && client.sameRecoverySecret(parsed, secret)
        },
      }
    },
    isLongEnough: (passphrase) => [...passphrase.normalize('NFKC')].length >= passphraseLeast,
    async protect(passphrase, code) {
      const { vault } = await opened()
      await vault.protect(passphrase, code.secret)
      mark(vault)
      tellOtherTabs('protection-changed')
    },
    async unprotect() {
      const { vault } = await opened()
      await vault.unprotect()
      mark(vault)
      tellOtherTabs('protection-changed')
    },
    async kept() {
      const [{ vault }, backup] = await Promise.all([opened(), backups()])
      const list: Kept[] = []
      for (const device of await backup.storedDevices(vault.storage)) {
        const history = await backup.readHistory(vault.storage, device, describe, Date.now())
        if (history) list.push(keptOf(history, false))
      }
      for (const history of await backup.restoredHistories(vault.storage)) list.push(keptOf(history, true))
      return list
    },
    history: historyOf,
    async exported(which, form): Promise<Download> {
      const [backup, history] = await Promise.all([backups(), historyOf(which)])
      const nowMs = Date.now()
      const text =
        form === 'json'
          ? backup.historyAsJson(history, nowMs)
          : backup.historyAsHtml(history, nowMs, historyPageWords(language.value, direction()))
      const type = form === 'json' ? 'application/json' : 'text/html'
      return { name: fileName(`qsec-${which.room.slice(0, 8)}`, nowMs, form), content: new Blob([text], { type }) }
    },
    async backup(secret): Promise<Download> {
      const [{ vault, browser }, backup] = await Promise.all([opened(), backups()])
      const nowMs = Date.now()
      const file = await backup.makeBackup(vault.storage, {
        secrets: 'code' in secret ? { recovery: secret.code.secret } : secret,
        describe,
        nowMs,
        random: browser.browserRandom,
        stretch: browser.stretchInWorker(stretching),
      })
      const content = new Blob([file], { type: 'application/octet-stream' })
      return { name: fileName('qsec-backup', nowMs, 'qsec'), content }
    },
    async restore(file, typed): Promise<Restoring> {
      const [{ vault, browser }, backup] = await Promise.all([opened(), backups()])
      if (file.size > backup.backupBytesAtMost) return { ok: false, reason: 'too-large' }
      const key = await keyOf(typed)
      if (!key) return { ok: false, reason: 'no-code' }
      const bytes = new Uint8Array(await file.arrayBuffer())
      const stretch = browser.stretchInWorker(stretching)
      const outcome = await backup.restoreBackup(vault.storage, bytes, key, stretch)
      return outcome.ok ? { ok: true, ...outcome.restored } : outcome
    },
    async forgetRestored({ room, device }) {
      const [{ vault }, backup] = await Promise.all([opened(), backups()])
      await vault.storage.apply(backup.eraseRestored(room, device))
    },
    async eraseEverything() {
      const { vault, browser } = await opened()
      tellOtherTabs('erased')
      await vault.close()
      // What it has under way would otherwise be stored after everything else has gone.
      await import('./kept/keeping.ts')
        .then(({ stopKeeping }) => stopKeeping())
        .catch((error: unknown) => console.warn('the page’s own copy was not stopped in order', error))
      await browser.eraseOrigin()
    },
  }
}

/** As the client has it; known here too, so that typing needs no loading. */
const passphraseLeast = 10

function keptOf(history: Awaited<ReturnType<Keeper['history']>>, restored: boolean): Kept {
  const { room, device, name, items } = history
  return { room, device, name, restored, messages: items.filter(({ type }) => type === 'message').length }
}

function fileName(start: string, nowMs: number, ending: string): string {
  return `${start}-${new Date(nowMs).toISOString().slice(0, 10)}.${ending}`
}
