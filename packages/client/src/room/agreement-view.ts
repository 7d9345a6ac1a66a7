/** Draws what the room has agreed on, and what this person may change of it. */
import { type DeviceId, type RoomAddress, roomKind } from '@qsec/protocol'
import { formatLinkFragment, type Group, mayAdmit, mayLead, roleOf } from '../crypto/index.ts'
import type { AgreementView, InviteView, KnockView } from '../snapshot.ts'
import type { Knock } from './join-requests.ts'
import { deviceCode } from './people.ts'
import { isLive, type TwoClocks } from './times.ts'
import { type ViewInput, viewOf } from './view.ts'

export function agreementView(
  input: ViewInput,
  group: Group,
  asked: {
    knocks: readonly Knock[]
    declined: readonly DeviceId[]
    room: RoomAddress
    clocks: TwoClocks
    keepsOtherwise: number | undefined
  },
): AgreementView | undefined {
  const { settings } = group
  const own = group.members.find(({ leaf }) => leaf === group.ownLeaf)
  if (!settings || !own) return undefined
  const role = roleOf(group, own.person)
  const owner = group.members.find(({ person }) => person === settings.owner)
  const admits = mayAdmit(settings, role)
  const closed = roomKind(asked.room) === 'closed'
  return {
    role,
    admitBy: settings.admitBy,
    locked: settings.locked,
    quantum: settings.quantum,
    ...(settings.capacity === undefined ? {} : { capacity: settings.capacity }),
    ...(settings.keepSealed === undefined ? {} : { keepSealed: settings.keepSealed }),
    ...(settings.lifetimeS === undefined ? {} : { lifetimeS: settings.lifetimeS }),
    ...(asked.keepsOtherwise === undefined ? {} : { keepsOtherwise: asked.keepsOtherwise }),
    ...(owner ? { owner: viewOf(input, owner.device) } : {}),
    invites: invitesOf(group, asked.room, asked.clocks),
    // What has this person's own keys is for it to judge, whatever the room says about others.
    knocks: knocksOf(asked).filter(({ own }) => own || (admits && !settings.locked)),
    may: {
      admit: admits && closed,
      change: role !== 'member',
      lead: mayLead(settings, group.members, own.person),
    },
  }
}

function invitesOf(group: Group, room: RoomAddress, clocks: TwoClocks): InviteView[] {
  return group.invites
    .filter(({ expiresMs, usesLeft }) => isLive(expiresMs, clocks) && usesLeft !== 0)
    .map(({ id, secret, mode, expiresMs, usesLeft }) => ({
      id,
      path: `/room/${room}#${formatLinkFragment(secret)}`,
      mode,
      expiresMs,
      ...(usesLeft === undefined ? {} : { usesLeft }),
    }))
}

function knocksOf({ knocks, declined }: { knocks: readonly Knock[]; declined: readonly DeviceId[] }): KnockView[] {
  return knocks
    .filter(({ device }) => !declined.includes(device))
    .map(({ device, shown, own }) => ({
      device,
      code: deviceCode(device),
      byLink: shown.invite !== undefined,
      ...(own ? { own: true as const } : {}),
    }))
}
