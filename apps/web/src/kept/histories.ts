/** What this device keeps of its rooms, read, exported, backed up and restored outside them. Loaded when somebody asks for it. */
import type { Secret as Key } from '@qsec/client'
import * as backups from '@qsec/client/backup'
import type { Download, Keeper, Kept, Restoring } from '../keeper.ts'
import { language } from '../language/language.ts'
import { SaidError } from '../problems.ts'
import type { KeeperParts } from '../real-keeper.ts'
import { deviceWords } from '../words/device.ts'
import { historyPageWords } from '../words/history.ts'
import { direction } from '../words/locale.ts'
import { namerOf } from '../words/people.ts'
import { systemWords } from '../words/system.ts'

export const storedRooms: typeof backups.storedRooms = backups.storedRooms

export type Which = Pick<Kept, 'room' | 'device' | 'restored'>

const describe: backups.Describe = (event, people) => systemWords(event, namerOf(people))

export async function allKept({ vault }: KeeperParts): Promise<Kept[]> {
  const list: Kept[] = []
  for (const device of await backups.storedDevices(vault.storage)) {
    const history = await backups.readHistory(vault.storage, device, describe, Date.now())
    if (history) list.push(keptOf(history, false))
  }
  for (const history of await backups.restoredHistories(vault.storage)) list.push(keptOf(history, true))
  return list
}

export async function historyOf(
  { vault }: KeeperParts,
  { room, device, restored }: Which,
): ReturnType<Keeper['history']> {
  const found = restored
    ? (await backups.restoredHistories(vault.storage)).find((one) => one.room === room && one.device === device)
    : await backups.readHistory(vault.storage, { room, device: device as never }, describe, Date.now())
  if (!found) throw new SaidError(deviceWords.historyGone)
  return found
}

export async function exported(parts: KeeperParts, which: Which, form: 'json' | 'html'): Promise<Download> {
  const history = await historyOf(parts, which)
  const nowMs = Date.now()
  const text =
    form === 'json'
      ? backups.historyAsJson(history, nowMs)
      : backups.historyAsHtml(history, nowMs, historyPageWords(language.value, direction()))
  const type = form === 'json' ? 'application/json' : 'text/html'
  return { name: fileName(`qsec-${which.room.slice(0, 8)}`, nowMs, form), content: new Blob([text], { type }) }
}

export async function backedUp(
  { vault, browser }: KeeperParts,
  secret: Parameters<Keeper['backup']>[0],
  stretching: () => Worker,
): Promise<Download> {
  const nowMs = Date.now()
  const file = await backups.makeBackup(vault.storage, {
    secrets: 'code' in secret ? { recovery: secret.code.secret } : secret,
    describe,
    nowMs,
    random: browser.browserRandom,
    stretch: browser.stretchInWorker(stretching),
  })
  const content = new Blob([file], { type: 'application/octet-stream' })
  return { name: fileName('qsec-backup', nowMs, 'qsec'), content }
}

/** @param key - undefined where what was typed is no code */
export async function restored(
  { vault, browser }: KeeperParts,
  file: Blob,
  key: Key | undefined,
  stretching: () => Worker,
): Promise<Restoring> {
  if (file.size > backups.backupBytesAtMost) return { ok: false, reason: 'too-large' }
  if (!key) return { ok: false, reason: 'no-code' }
  const bytes = new Uint8Array(await file.arrayBuffer())
  const outcome = await backups.restoreBackup(vault.storage, bytes, key, browser.stretchInWorker(stretching))
  return outcome.ok ? { ok: true, ...outcome.restored } : outcome
}

export async function forgetRestored(
  { vault }: KeeperParts,
  { room, device }: Pick<Which, 'room' | 'device'>,
): Promise<void> {
  await vault.storage.apply(backups.eraseRestored(room, device))
}

function keptOf(history: Awaited<ReturnType<Keeper['history']>>, restored: boolean): Kept {
  const { room, device, name, items } = history
  return { room, device, name, restored, messages: items.filter(({ type }) => type === 'message').length }
}

function fileName(start: string, nowMs: number, ending: string): string {
  return `${start}-${new Date(nowMs).toISOString().slice(0, 10)}.${ending}`
}
