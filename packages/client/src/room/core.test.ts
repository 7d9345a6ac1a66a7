import type { DeviceId } from '@qsec/protocol'
import { expect, it } from 'vitest'
import { nowMs, random, World } from '../crypto/test-world.ts'
import type { ClientEnv } from '../entry.ts'
import type { Transport } from '../ports.ts'
import { openMemoryStorage } from '../storage/memory.ts'
import { RoomCore } from './core.ts'

it('[PP47] who is here is noted without writing over what was learnt of them meanwhile', async () => {
  const identity = await new World().device()
  const ana = identity.device as DeviceId
  const clock = { nowMs: () => nowMs, after: () => () => undefined }
  const storage = openMemoryStorage()
  const env = { storage, random, clock, connect: () => ({}) as Transport } as Partial<ClientEnv> as ClientEnv
  const claimed = { identity, meta: { name: 'Ben', createdMs: nowMs }, release: () => undefined }
  const core = new RoomCore(env, claimed, 'https://relay.example', () => undefined)
  const claim = { device: ana, name: 'Ana', salt: 'x' }
  await core.run(() => core.store(core.know(ana, { sinceSeq: 3 })))
  // The relay's list is taken in, and a frame with names waits behind it.
  const list = core.run(() => core.beside(core.noteHeard([ana])))
  const names = core.run(() => core.store(core.know(ana, { claim })))
  await Promise.all([list, names])
  await core.run(() => undefined)
  const row = (await storage.get(core.key('people', ana)))!
  expect(JSON.parse(new TextDecoder().decode(row))).toMatchObject({ sinceSeq: 3, claim, heardMs: nowMs })
})
