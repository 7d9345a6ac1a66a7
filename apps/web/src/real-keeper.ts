/** The keeper over the real storage. What reads, exports and backs up histories is loaded when somebody asks for it. */
import type { Secret as Key, Vault } from '@qsec/client'
import type { Keeper, NewCode, Opening, Typed } from './keeper.ts'
import { tellOtherTabs } from './other-tabs.ts'
import { fetched } from './problems.ts'

export interface KeeperParts {
  client: typeof import('@qsec/client')
  browser: typeof import('@qsec/client/browser')
  vault: Vault
}

const lockedMark = 'qsec:locked'
const roomsMark = 'qsec:rooms'

/** Somebody has entered a room here. Which one stands in the storage alone. */
export function markRooms(): void {
  localStorage.setItem(roomsMark, '1')
}

/** @param opened - the client with its vault, opened at the first use */
export function realKeeper(opened: () => Promise<KeeperParts>, stretching: () => Worker): Keeper {
  const both = () => Promise.all([opened(), fetched(import('./kept/histories.ts'))])

  async function keyOf(typed: Typed): Promise<Key | undefined> {
    if ('passphrase' in typed) return typed
    const recovery = (await opened()).client.parseRecoveryCode(typed.code)
    return recovery && { recovery }
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
    mayHaveRooms: () => localStorage.getItem(roomsMark) !== null,
    async rooms() {
      const [{ vault, browser }, { storedRooms }] = await both()
      const rooms = await storedRooms(vault.storage, browser.browserLocks)
      if (rooms.length === 0) localStorage.removeItem(roomsMark)
      return rooms
    },
    async kept() {
      const [parts, { allKept }] = await both()
      return allKept(parts)
    },
    async history(which) {
      const [parts, { historyOf }] = await both()
      return historyOf(parts, which)
    },
    async exported(which, form) {
      const [parts, { exported }] = await both()
      return exported(parts, which, form)
    },
    async backup(secret) {
      const [parts, { backedUp }] = await both()
      return backedUp(parts, secret, stretching)
    },
    async restore(file, typed) {
      const [parts, { restored }] = await both()
      return restored(parts, file, await keyOf(typed), stretching)
    },
    async forgetRestored(which) {
      const [parts, { forgetRestored }] = await both()
      await forgetRestored(parts, which)
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
