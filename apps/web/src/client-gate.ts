/** The one door between the screens and the client: whatever a screen needs from outside comes through here. */
import type { ClaimedDevice, ClientEnv, LinkFailure, PersonView, RoomAddress, RoomClient, Vault } from '@qsec/client'
import type { Keeper } from './keeper.ts'
import { fetched, reasonOf } from './problems.ts'
import { markRooms, realKeeper } from './real-keeper.ts'
import { relayOrigin, relaySetting } from './relay.ts'
import { startStretcher } from './stretch.ts'
import { startQuantumWorker } from './trusted-types.ts'

export type {
  AgreementView,
  ComparisonView,
  DayStart,
  Draft,
  EarlierBlockView,
  EarlierCount,
  EarlierView,
  EpochLabel,
  EpochReason,
  EpochView,
  FileSource,
  FileStateView,
  FilesView,
  FileView,
  FoundMessage,
  InvitedView,
  InviteView,
  KnockView,
  LinkView,
  MessageView,
  NotifyChoice,
  OwnDeviceView,
  PersonView,
  Phase,
  QuantumView,
  QuotedView,
  QuoteView,
  ReadingView,
  RoomAddress,
  RoomClient,
  RoomKind,
  RoomLogLine,
  RoomRefusalCode,
  RoomSearch,
  RoomSnapshot,
  SearchScope,
  ServerRows,
  ServerTables,
  Standing,
  SuccessorView,
  SystemEvent,
  SystemView,
  TimelineItem,
  TrustView,
  VerifiedHow,
  WishView,
} from '@qsec/client'
/** The 32 bytes of an invite link, or of a device link. */
export type Secret = Uint8Array<ArrayBuffer>

export interface Gate {
  /** A new closed room, with this person alone in it. */
  createRoom(options: { name: string; expected?: number }): Promise<RoomClient>
  /** Whether this browser holds a free device of the room; where it does not, whether a link is missing to enter. */
  look(address: RoomAddress, secret?: Secret): Promise<Look>
  /** Into an existing room; an open room that does not exist yet comes into being. A known device needs no name. */
  enter(options: EnterOptions): Promise<RoomClient>
  /** Into a room as another device of whoever made the link, which is used up by it. */
  link(address: RoomAddress, key: Secret): Promise<Linked>
  /**
   * Lets a closed room take the place of this open one, invites the people behind `keep` to it, and then ends the open one
   * if that is wanted. A second call goes on where the first failed. `enter` leads into the closed room.
   */
  closeRoom(room: RoomClient, options: { keep: readonly Device[]; end: boolean }): Promise<ClosingOutcome>
  /** What whoever runs the server lets make rooms: sent to it from now on, and forgotten with this page. */
  useCreateToken(token: string): void
  readonly keeper: Keeper
}

type Device = PersonView['device']

export type Linked = { ok: true; client: RoomClient } | { ok: false; reason: LinkFailure }

export interface ClosingOutcome {
  /** Who could not be invited, and why, in words; then the open room was not ended. */
  failed: readonly { device: Device; reason: string }[]
  ended: boolean
}

/** The storage asks for a passphrase before anything else. */
export function isLocked(error: unknown): boolean {
  return error instanceof Error && error.name === 'StorageError' && 'code' in error && error.code === 'locked'
}

export type Look = { known: true } | { known: false; needsLink: boolean }

export interface EnterOptions {
  address: RoomAddress
  secret?: Secret
  name?: string
  expected?: number
  /** At a closed room without its link: asks the people inside to be let in. */
  knocks?: boolean
}

/** The client and what surrounds it, loaded and opened at the first use: the start page draws before. */
interface Opened {
  client: typeof import('@qsec/client')
  browser: typeof import('@qsec/client/browser')
  vault: Vault
  tab: typeof import('@qsec/client/browser').tabDevice
  /** Origin of the relay. */
  relayUrl: string
  /** Throws while the storage is locked. */
  env(): ClientEnv
}

export function realGate(): Gate {
  let opening: Promise<Opened> | undefined
  const opened = (): Promise<Opened> => {
    opening ??= open(() => createToken).catch((error: unknown) => {
      opening = undefined // the next use tries again
      throw error
    })
    return opening
  }
  // A device that `look` found is locked for this tab until `enter` takes it.
  const found = new Map<RoomAddress, ClaimedDevice>()
  // Closed rooms that take the place of open ones, by the open one: they let people in until this page enters them.
  const successors = new Map<RoomAddress, RoomClient>()
  let createToken: string | undefined

  relaySetting().catch(() => undefined) // said where somebody needs it

  return {
    async createRoom(options) {
      const { client, env, tab, relayUrl } = await opened()
      return forgetting(tab, await client.createClosedRoom(env(), { relayUrl, tab, ...options }))
    },
    async look(address, secret) {
      if (found.has(address) || successorAt(address)) return { known: true }
      const { client, env, tab } = await opened()
      const entry = await client.lookAtRoom(env(), address, { tab, ...(secret ? { secret } : {}) })
      if (entry.type === 'new') return { known: false, needsLink: entry.needsLink }
      found.set(address, entry.device)
      return { known: true }
    },
    async enter({ address, name = '', secret, expected, knocks }) {
      const { client, env, tab, relayUrl } = await opened()
      const waiting = successorAt(address)
      if (waiting) {
        successors.delete(waiting.open)
        return waiting.room
      }
      const device = found.get(address)
      found.delete(address)
      if (device) return forgetting(tab, await client.returnToRoom(env(), device, { relayUrl, tab }))
      const room = await client.joinRoom(env(), address, {
        relayUrl,
        tab,
        name,
        ...(secret ? { secret } : {}),
        ...(expected === undefined ? {} : { expected }),
        ...(knocks ? { knocks } : {}),
      })
      return forgetting(tab, room)
    },
    async link(address, key) {
      const { client, env, tab, relayUrl } = await opened()
      const linked = await client.linkDevice(env(), address, { relayUrl, tab, key })
      return linked.ok ? { ok: true, client: forgetting(tab, linked.room) } : linked
    },
    async closeRoom(room, options) {
      const { client, env, tab, relayUrl } = await opened()
      const open = room.snapshot.address
      const earlier = successors.get(open)
      const { failed, ended } = await client.closeOpenRoom(env(), room, {
        relayUrl,
        tab,
        ...options,
        ...(earlier ? { successor: earlier } : {}),
        onSuccessor: (successor) => {
          if (successor !== earlier) successors.set(open, forgetting(tab, successor))
        },
      })
      return { failed: failed.map(({ device, refusal }) => ({ device, reason: reasonOf(refusal) })), ended }
    },
    useCreateToken(token) {
      createToken = token
    },
    keeper: realKeeper(opened, startStretcher),
  }

  function successorAt(address: RoomAddress): { open: RoomAddress; room: RoomClient } | undefined {
    for (const [open, room] of successors) if (room.snapshot.address === address) return { open, room }
    return undefined
  }
}

/** Who left has nothing here any more, not even the tab's note of which device it was. */
function forgetting(tab: Opened['tab'], room: RoomClient): RoomClient {
  markRooms()
  const stop = room.subscribe(() => {
    const { phase, address } = room.snapshot
    if (phase.at !== 'left' && !(phase.at === 'removed' && phase.byOwn)) return
    tab.clear(address)
    stop()
  })
  return room
}

async function open(createToken: () => string | undefined): Promise<Opened> {
  const [[client, browser], relayUrl] = await Promise.all([
    fetched(Promise.all([import('@qsec/client'), import('@qsec/client/browser')])),
    relayOrigin(),
  ])
  const vault = await browser.openBrowserVault({ stretch: browser.stretchInWorker(startStretcher) })
  const env = (): ClientEnv => ({
    storage: vault.storage,
    locks: browser.browserLocks,
    clock: browser.browserClock,
    random: browser.browserRandom,
    connect: (url) => browser.connectSocketIo({ url }),
    createToken,
    openQuantum: () =>
      browser.openBrowserQuantum({
        startWorker: startQuantumWorker,
        onFault: (error) => console.warn('the quantum worker was given up', error),
      }),
    onFault: (error) => console.error('a room ended by a fault', error),
  })
  // A browser may refuse or ask: the room works either way, and only the promise to keep the storage differs.
  browser.keepBrowserStorage().catch((error: unknown) => console.warn('storage may be cleared by the browser', error))
  return { client, browser, vault, tab: browser.tabDevice, relayUrl, env }
}
