/** A keeper of nothing: every state of the page *This device* and of the lock, without a storage. */
import type { History, Keeper, Kept, StoredRoom, VaultState } from '../src/keeper.ts'
import { closedAddress, openAddress } from './fixtures.ts'
import type { Scene } from './scenes.ts'

const code = '7K2M-4QXT-9RZD-1HWE-VB80-N6JC-5YPS'
const plain = (typed: string): string => typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 80))

const kept: Kept[] = [
  { room: closedAddress, device: 'one', name: 'Ana', messages: 240, restored: false },
  { room: openAddress, device: 'two', name: 'Ana', messages: 1, restored: false },
  { room: closedAddress, device: 'three', name: 'Ana', messages: 12, restored: true },
]

const rooms = (nowMs: number): StoredRoom[] => [
  {
    ...{ room: closedAddress, kind: 'closed', name: 'Ana', people: ['Ben', 'Cleo Marchetti', 'Dana', 'Emil', 'Fay'] },
    ...{ newestMs: nowMs - 120_000, elsewhere: false },
  },
  {
    ...{ room: openAddress, kind: 'open', name: 'Ana', people: [] },
    ...{ newestMs: nowMs - 26 * 3_600_000, elsewhere: true },
  },
]

export const history: History = {
  room: closedAddress,
  kind: 'closed',
  device: 'three',
  name: 'Ana',
  people: [
    { device: 'three', name: 'Ana', shortId: '8Jk2', self: true },
    { device: 'four', name: 'Ben', shortId: 'Xc4p', self: false },
  ],
  items: [
    {
      ...{ type: 'quoted', id: 'q', sharedBy: 'four', name: 'Cleo', person: '', atMs: 1_799_900_000_000 },
      text: 'The pump is back from repair.',
    },
    { type: 'event', kind: 'created', words: 'You created this room.', atMs: 1_800_000_000_000 },
    { type: 'message', id: 'a', from: 'three', text: 'The detector is cold enough now.', atMs: 1_800_000_060_000 },
    {
      ...{ type: 'message', id: 'b', from: 'four', text: 'Good.\nThen we start at ten.', atMs: 1_800_000_120_000 },
      ...{ editedMs: 1_800_000_130_000, replyTo: { from: 'three', id: 'a' } },
      reactions: [
        { from: 'three', signs: ['👍', '🎉'] },
        { from: 'four', signs: ['👍'] },
      ],
    },
    { type: 'message', id: 'c', from: 'four', text: '', atMs: 1_800_000_140_000, deleted: true },
    {
      ...{ type: 'message', id: 'd', from: 'three', text: 'The key is under the mat.', atMs: 1_800_000_150_000 },
      ...{ privatelyWith: 'four', replyTo: { from: 'four', id: 'c' } },
    },
  ],
}

/** The passphrase is `correct horse`; the backup of every file is good. */
export function fakeKeeper(scene: Pick<Scene, 'vault' | 'keepsNothing'>): Keeper {
  let state: VaultState = scene.vault ?? 'open'
  const right = (typed: Parameters<Keeper['unlock']>[0]): boolean =>
    'passphrase' in typed ? typed.passphrase === 'correct horse' : plain(typed.code) === plain(code)
  return {
    mayHaveRooms: () => scene.vault !== undefined,
    rooms: async () => (scene.keepsNothing ? [] : rooms(Date.now())),
    mayBeLocked: () => state === 'locked',
    state: async () => state,
    async unlock(typed) {
      await pause()
      if ('code' in typed && plain(typed.code).length !== 28) return 'no-code'
      if (!right(typed)) return 'wrong'
      state = 'unlocked'
      return 'opened'
    },
    newCode: async () => ({
      text: code,
      secret: new Uint8Array(16) as never,
      matches: (typed) => plain(typed) === plain(code),
    }),
    isLongEnough: (passphrase) => passphrase.length >= 10,
    async protect() {
      state = 'unlocked'
    },
    async unprotect() {
      state = 'open'
    },
    kept: async () => (scene.keepsNothing ? [] : kept),
    history: async () => history,
    exported: async (_, form) => ({ name: `qsec.${form}`, content: new Blob(['nothing']) }),
    backup: async () => ({ name: 'qsec-backup.qsec', content: new Blob(['nothing']) }),
    async restore(_, typed) {
      await pause()
      return right(typed)
        ? { ok: true, rooms: 2, messages: 12, keptOwnProfile: true }
        : { ok: false, reason: 'not-opened' }
    },
    forgetRestored: async () => undefined,
    eraseEverything: async () => undefined,
  }
}
