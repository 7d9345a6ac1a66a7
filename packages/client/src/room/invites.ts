/** The links of a closed room: how long they live, which one is shown, and by which of them the relay lets people ask. */
import { type Base64Url, type RoomAddress, toBase64Url } from '@qsec/protocol'
import { type Group, joinPublicKeyOf, type LiveInvite } from '../crypto/index.ts'
import { isLive, type TwoClocks } from './times.ts'

/** An invite link of a closed room ends after this time. */
export const inviteLifetimeMs: number = 7 * 86_400_000

/** The invite whose link the room shows: the first that lives, one that many can use before others. */
export function liveInvite(group: Group, clocks: TwoClocks): LiveInvite | undefined {
  const live = group.invites.filter((invite) => isLive(invite.expiresMs, clocks) && invite.usesLeft !== 0)
  return live.find(({ usesLeft, mode }) => usesLeft === undefined && mode === 'link') ?? live[0]
}

/** What the relay lets people ask by. A locked room has no such key, so its links lead nowhere. */
export async function joinKeysOf(room: RoomAddress, { invites, settings }: Group): Promise<Base64Url[]> {
  if (settings?.locked || settings?.ended) return []
  return Promise.all(invites.map(async ({ secret }) => toBase64Url(await joinPublicKeyOf(room, secret))))
}
