/** What a person asks of the room as a whole: links, who is in it and in which office, how it is kept, its end. */
import type { DeviceId } from '@qsec/protocol'
import { formatLinkFragment, type InviteId, newInvite } from '../crypto/index.ts'
import type { RoomClient } from '../room-client.ts'
import type { OpenSettings, WishKind } from '../snapshot.ts'
import {
  wantAdmin,
  wantAdmission,
  wantDeviceOut,
  wantEnd,
  wantInvite,
  wantNoInvite,
  wantOut,
  wantOwner,
  wantSettings,
} from './agreement.ts'
import type { RoomCore } from './core.ts'
import type { DeviceLinks } from './device-links.ts'
import type { Membership } from './membership.ts'
import { RoomRefusal } from './refusal.ts'
import { endOfLink } from './times.ts'
import type { Wish } from './wishes.ts'

/** Requests turned away that are remembered. */
const declinedKept = 64

export class Leading {
  readonly #core: RoomCore
  readonly #membership: Membership
  readonly #links: DeviceLinks

  constructor(core: RoomCore, membership: Membership, links: DeviceLinks) {
    this.#core = core
    this.#membership = membership
    this.#links = links
  }

  // --- coming in -------------------------------------------------------------------------------------------------

  async makeInvite({ mode, lifetimeMs, uses }: Parameters<RoomClient['makeInvite']>[0]): Promise<string> {
    const { env, clocks, address } = this.#core
    const counted = uses === undefined ? {} : { usesLeft: uses }
    const invite = newInvite(env.random, { expiresMs: endOfLink(lifetimeMs, clocks), mode, ...counted })
    await this.#wish('invite', wantInvite(invite))
    return `/room/${address}#${formatLinkFragment(invite.secret)}`
  }

  revokeInvite(id: InviteId): Promise<void> {
    return this.#wish('end-link', wantNoInvite(id))
  }

  letIn(device: DeviceId): Promise<void> {
    return this.#wish(
      'let-in',
      wantAdmission(device, () => this.#membership.requests.of(device)),
    )
  }

  async turnAway(device: DeviceId): Promise<void> {
    const core = this.#core
    this.#checkInRoom()
    const answer = await core.transport.request('dismiss_request', { room: core.address, device })
    if (!answer?.ok) throw new RoomRefusal(answer?.code ?? 'no-answer')
    // Remembered as well: a relay that brings it up again is not listened to.
    await core.run(() => core.store([core.become({ declined: [...core.self.declined, device].slice(-declinedKept) })]))
  }

  async linkDevice(): Promise<void> {
    this.#checkInRoom()
    await this.#links.make()
  }

  // --- going out -------------------------------------------------------------------------------------------------

  putOut(device: DeviceId): Promise<void> {
    return this.#wish('put-out', wantOut(device))
  }

  removeDevice(device: DeviceId): Promise<void> {
    return this.#wish('remove-device', wantDeviceOut(device))
  }

  // --- how the room is kept --------------------------------------------------------------------------------------

  changeRoom(change: OpenSettings): Promise<void> {
    return this.#wish('settings', wantSettings(change))
  }

  setAdmin(device: DeviceId, admin: boolean): Promise<void> {
    return this.#wish('admin', wantAdmin(device, admin))
  }

  handOver(device: DeviceId): Promise<void> {
    return this.#wish('owner', wantOwner(device))
  }

  endRoom(): Promise<void> {
    return this.#wish('end', wantEnd)
  }

  /** Takes back what waits. Runs in the queue, where a commit for it is made. */
  cancelWish(id: number): Promise<void> {
    return this.#core.run(() => this.#membership.cancelWish(id))
  }

  async #wish(kind: WishKind, wish: Wish): Promise<void> {
    this.#checkInRoom()
    await this.#membership.wish(kind, wish)
  }

  #checkInRoom(): void {
    if (this.#core.phase.at !== 'member') throw new RoomRefusal('not-in-room')
  }
}
