import { expect, it } from 'vitest'
import {
  commit,
  createPairGroup,
  type DeviceIdentity,
  type Group,
  join,
  makeKeyPackage,
  receive,
  seal,
} from './index.ts'
import { addOf, forge, nowMs, pskOf, random, World } from './test-world.ts'

async function pair(): Promise<{ world: World; ana: DeviceIdentity; ben: DeviceIdentity; a: Group; b: Group }> {
  const world = new World()
  const [ana, ben] = [await world.device(), await world.device()]
  const a = await createPairGroup(ana, { peer: ben.device, nowMs, random })
  const made = await makeKeyPackage(ben, { nowMs, lastResort: true })
  const done = await commit(a, { add: [made.keyPackage] }, { bundles: world.bundles, nowMs })
  if (!done.ok || !done.welcome) throw new Error('no pair')
  const joined = await join(ben, made.secret, done.welcome, {
    expect: { purpose: 'pair', address: world.address },
    requireInvitePsk: false,
    bundles: world.bundles,
  })
  if (!joined.ok) throw new Error(joined.reason)
  return { world, ana, ben, a: done.next, b: joined.group }
}

it('[CR40] two devices of a room make a group of their own, from a published key package', async () => {
  const { world, ana, ben, a, b } = await pair()
  expect(b.purpose).toEqual({ kind: 'pair', room: world.address, devices: [ana.device, ben.device] })
  const { frame } = await seal(b, new Uint8Array([1, 2, 3]))
  const got = await receive(a, frame, { bundles: world.bundles })
  expect(got).toMatchObject({ kind: 'application', sender: { device: ben.device } })
  const path = await commit(a, {}, { bundles: world.bundles, nowMs })
  if (!path.ok) throw new Error(path.reason)
  expect(await receive(b, path.frame, { bundles: world.bundles })).toMatchObject({ kind: 'commit' })
})

it('[CR41] a pair group takes no third device, no PSK and no other peer', async () => {
  const { world, ana, ben, a, b } = await pair()
  const third = await world.device()
  const made = await makeKeyPackage(third, { nowMs })
  const deps = { bundles: world.bundles, nowMs }
  expect(await commit(a, { add: [made.keyPackage] }, deps)).toEqual({ ok: false, reason: 'not-the-peer' })
  expect(await commit(a, { removeLeaves: [1] }, deps)).toEqual({ ok: false, reason: 'pair-is-closed' })
  const forged = await forge({ identity: ana, group: a }, [addOf(made.keyPackage)])
  expect(await receive(b, forged.frame, deps)).toEqual({ kind: 'refused', reason: 'pair-is-closed' })
  const psk = await forge({ identity: ana, group: a }, [pskOf('x')], new Map([['x', random(32)]]))
  expect(await receive(b, psk.frame, deps)).toEqual({ kind: 'refused', reason: 'pair-is-closed' })

  const fresh = await createPairGroup(ana, { peer: ben.device, nowMs, random })
  expect(await commit(fresh, { add: [made.keyPackage] }, deps)).toEqual({ ok: false, reason: 'not-the-peer' })
  const wrong = await forge({ identity: ana, group: fresh }, [addOf(made.keyPackage)])
  const options = { expect: { purpose: 'pair' } as const, requireInvitePsk: false, bundles: world.bundles }
  const joined = await join(third, made.secret, wrong.welcome!, options)
  expect(joined).toEqual({ ok: false, reason: 'not-the-peer' })
})

it('[CR42] a pair group of another room is refused', async () => {
  const world = new World()
  const other = new World()
  const [ana, ben] = [await world.device(), await world.device()]
  const stranger = await world.device({ room: other.address })
  const group = await createPairGroup(stranger, { peer: ben.device, nowMs, random })
  const made = await makeKeyPackage(ben, { nowMs })
  const forged = await forge({ identity: stranger, group }, [addOf(made.keyPackage)])
  const joined = await join(ben, made.secret, forged.welcome!, {
    expect: { purpose: 'pair' },
    requireInvitePsk: false,
    bundles: world.bundles,
  })
  expect(joined).toEqual({ ok: false, reason: 'wrong-room' })
  expect(ana.room).toBe(world.address)
})
