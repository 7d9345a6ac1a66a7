import type { DeviceId } from '@qsec/protocol'
import { expect, it } from 'vitest'
import type { Group } from '../crypto/index.ts'
import { type Member, nowMs, random, World } from '../crypto/test-world.ts'
import type { ClientEnv } from '../entry.ts'
import type { Storage, StorageChange, Transport } from '../ports.ts'
import { emptyNote } from '../room/commit-note.ts'
import { RoomCore } from '../room/core.ts'
import { withAck } from '../room/self.ts'
import type { PersonView } from '../snapshot.ts'
import { openMemoryStorage } from '../storage/memory.ts'
import { epochsAsJson } from './export.ts'
import { epochsKept, Provenance } from './provenance.ts'
import { epochViews } from './view.ts'

const uuid = '0b0e8c3c-6a51-4a63-9b58-0123456789ab'

/** What a member's device knows of its room, with nothing behind it that the notes need. */
function coreOf({ identity, group }: Member, storage: Storage): RoomCore {
  const clock = { nowMs: () => nowMs, after: () => () => undefined }
  const env = { storage, random, clock, connect: () => ({}) as Transport } as Partial<ClientEnv> as ClientEnv
  const claimed = { identity, meta: { name: 'Ben', createdMs: nowMs }, release: () => undefined }
  const core = new RoomCore(env, claimed, 'https://relay.example', () => undefined)
  core.stream = { group, epoch: group.epoch } as RoomCore['stream']
  return core
}

async function opened(member: Member, storage = openMemoryStorage()) {
  const core = coreOf(member, storage)
  const provenance = new Provenance(core)
  await provenance.load()
  const store = (changes: StorageChange[]) => storage.apply(changes)
  return { core, provenance, storage, store }
}

const at = (group: Group, epoch: number): Group => ({ ...group, epoch })
const person = (device: DeviceId) => ({ device, name: `name of ${device}` }) as PersonView

async function threePeople() {
  const members = await new World().room(3)
  const [ana, ben, cleo] = members as [Member, Member, Member]
  return { ana, ben, cleo }
}

it('[KP5] each epoch is noted with who committed it, why, what was renewed and how far the links reach', async () => {
  const { ana, ben, cleo } = await threePeople()
  const { core, provenance, store } = await opened(ben)
  const [first, second, third] = [1, 2, 3].map((epoch) => at(ben.group, epoch)) as [Group, Group, Group]
  await store(provenance.begin('entered', first))
  const note = { ...emptyNote, added: [cleo.identity.device], byLink: true }
  await store(provenance.onCommit(note, ana.identity.device, second, false))
  await store([
    core.become({ secret: { uuid, committedBy: ana.identity.device } }),
    core.become(withAck(core.self, uuid, ben.identity.device, 'simulated')),
  ])
  core.stream = { group: third, epoch: 3 } as RoomCore['stream']
  await store(provenance.onCommit({ ...emptyNote, psk: uuid, renewed: true }, ana.identity.device, third, true))
  const views = epochViews(await provenance.all(), 3, person)
  expect(views.map(({ epoch }) => epoch)).toEqual([3, 2, 1])
  const [now, joined, entered] = views
  expect(entered).toMatchObject({ reasons: ['entered'], label: 'post-quantum', linkKey: false })
  expect([entered!.by, entered!.renewed, entered!.present]).toEqual([undefined, undefined, undefined])
  expect(joined).toMatchObject({ reasons: ['join'], linkKey: true, by: { device: ana.identity.device } })
  expect(joined!.joined.map(({ device }) => device)).toEqual([cleo.identity.device])
  expect(now).toMatchObject({
    present: true,
    reasons: ['quantum', 'settings'],
    label: 'post-quantum',
    linksCovered: 1,
    linksInAll: 2,
    renewed: { epoch: 3, by: { device: ana.identity.device } },
    quantum: { keyId: uuid, since: 3, from: { device: ana.identity.device } },
  })
  const pads = new Map(now!.quantum!.links.map((link) => [link.with.device, link.pad]))
  expect(pads).toEqual(
    new Map([
      [ben.identity.device, 'simulated'],
      [cleo.identity.device, 'none'],
    ]),
  )
})

it('[KP6] while its label can change the epoch’s note follows, and a restart goes on with it', async () => {
  const { ana, ben, cleo } = await threePeople()
  const { core, provenance, storage, store } = await opened(ben)
  await store([core.become({ secret: { uuid, committedBy: ana.identity.device } })])
  await store(provenance.onCommit({ ...emptyNote, psk: uuid }, ana.identity.device, ben.group, false))
  const label = async (from: Provenance) => (await from.all()).at(-1)!.label
  expect(await label(provenance)).toBe('post-quantum')
  for (const { identity } of [ben, cleo]) {
    core.become(withAck(core.self, uuid, identity.device, 'simulated'))
    await store(provenance.settle())
  }
  expect(await label(provenance)).toBe('quantum (simulated)')
  expect(provenance.settle()).toEqual([])

  const again = await opened(ben, storage)
  again.core.self = core.self
  expect(again.provenance.settle()).toEqual([])
  again.core.forgetSecret()
  await again.store(again.provenance.settle(true))
  const [last] = epochViews(await again.provenance.all(), ben.group.epoch, person)
  expect(last).toMatchObject({ label: 'post-quantum', eavesdropper: true, quantum: { keyId: uuid } })
  // A commit of another epoch is not its business any more.
  again.core.stream = { group: at(ben.group, 99), epoch: 99 } as RoomCore['stream']
  expect(again.provenance.settle(true)).toEqual([])
})

it('[KP7] the newest are kept and no more, in order also where a room begins anew, and what is damaged is passed over', async () => {
  const { ben } = await threePeople()
  const { provenance, storage, store } = await opened(ben)
  for (let epoch = 0; epoch < epochsKept + 10; epoch++) {
    await store(provenance.onCommit(emptyNote, ben.identity.device, at(ben.group, epoch), false))
  }
  expect(await provenance.all()).toHaveLength(epochsKept)
  expect((await provenance.all())[0]!.epoch).toBe(10)
  await store(provenance.begin('created', at(ben.group, 0)))
  const again = await opened(ben, storage)
  const kept = await again.provenance.all()
  expect([kept.length, kept.at(-1)!.epoch, kept.at(-2)!.epoch]).toEqual([epochsKept, 0, epochsKept + 9])
  const [one] = await storage.keys(`device/${ben.identity.device}/epoch/`)
  await storage.apply([{ type: 'put', key: one!, value: Uint8Array.of(1, 2, 3) }])
  expect(await again.provenance.all()).toHaveLength(epochsKept - 1)
})

it('[KP8] the file for programs has its form, and neither a name nor more than was noted', async () => {
  const { ana, ben, cleo } = await threePeople()
  const { core, provenance, store } = await opened(ben)
  await store(provenance.begin('entered', at(ben.group, 1)))
  core.become({ secret: { uuid, committedBy: ana.identity.device } })
  core.become(withAck(core.self, uuid, cleo.identity.device, 'simulated'))
  await store(provenance.onCommit({ ...emptyNote, psk: uuid, renewed: true }, ana.identity.device, ben.group, false))
  const views = epochViews(await provenance.all(), ben.group.epoch, person)
  const text = epochsAsJson(views, { room: core.address, device: core.device, madeMs: nowMs })
  const file = JSON.parse(text) as { epochs: Record<string, unknown>[] }
  expect(Object.keys(file)).toEqual(['format', 'notice', 'madeAt', 'room', 'device', 'suite', 'epochs'])
  expect(file).toMatchObject({ format: 'qsec-epochs-1', device: ben.identity.device })
  expect(file.epochs.map(({ epoch }) => epoch)).toEqual([1, ben.group.epoch])
  const fields =
    'epoch enteredAt by reasons joined returned left label x25519 mlKem768 inviteLinkSecret quantum quantumLinks eavesdropperFound'
  for (const epoch of file.epochs) expect(Object.keys(epoch)).toEqual(fields.split(' '))
  expect(file.epochs[1]).toMatchObject({
    by: ana.identity.device,
    reasons: ['quantum'],
    x25519: { renewedInEpoch: ben.group.epoch, by: ana.identity.device },
    quantum: [{ keyId: uuid, source: 'bb84-simulated', sinceEpoch: ben.group.epoch }],
    quantumLinks: { covered: 1, of: 2 },
  })
  expect(text).not.toContain('name of')
})
