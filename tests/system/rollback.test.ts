/** Old copies of a device's storage: found before anything is sealed with them, and no key ever serves twice. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ClientEnv, RoomClient, Storage } from '@qsec/client'
import { memoryLocks, nodeRandom, openMemoryStorage, openNodeStorage } from '@qsec/client/node'
import { fromBase64Url, toBase64Url } from '@qsec/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Group } from '../../packages/client/src/crypto/index.ts'
import { stateOf } from '../../packages/client/src/crypto/state.ts'
import { placeOfFrame } from '../../packages/client/src/crypto/test-world.ts'
import { HostileRelay } from '../hostile/hostile-relay.ts'
import { storedGroup } from './stored-group.ts'
import { events, hasText, openWorld, texts, until, type World } from './world.ts'

let world: World
let folder = ''
beforeEach(async () => {
  world = await openWorld()
  folder = mkdtempSync(path.join(tmpdir(), 'qsec-rollback-'))
})
afterEach(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

/** Everything that was ever sealed for the room, by whichever copy, and the group states to read its sender data with. */
class Ledger {
  readonly #frames: { epoch: number; ct: Uint8Array }[] = []
  readonly #senderData = new Map<number, Set<string>>()

  /** What surrounds a copy: its frames are noted as they leave, whether the relay takes them or not. */
  env(storage: Storage): ClientEnv {
    const relay = new HostileRelay(world)
    relay.up = (name, payload, real) => {
      const said = payload as { pair?: string; epoch?: number; ct?: string }
      if (name === 'encrypted_message' && !said.pair) {
        this.#frames.push({ epoch: said.epoch!, ct: fromBase64Url(said.ct!)! })
      }
      return real(name, payload)
    }
    const noting: Storage = {
      get: (key) => storage.get(key),
      list: (prefix) => storage.list(prefix),
      keys: (prefix) => storage.keys(prefix),
      apply: async (changes) => {
        await storage.apply(changes)
        for (const change of changes) {
          if (change.type !== 'put' || !change.key.endsWith('/room/group')) continue
          const group = await storedGroup(storage, change.key.slice(0, -'/group'.length))
          this.#note(group!)
        }
      },
      close: () => storage.close(),
    }
    return { ...relay.env(), storage: noting, locks: memoryLocks() }
  }

  #note(group: Group): void {
    const { senderDataSecret } = stateOf(group).keySchedule
    const of = this.#senderData.get(group.epoch) ?? new Set()
    this.#senderData.set(group.epoch, of.add(toBase64Url(senderDataSecret)))
  }

  /** Places (epoch, leaf, generation) under which more than one ciphertext was sealed; and how many there were in all. */
  async repeated(): Promise<{ places: number; repeated: string[] }> {
    const sealed = new Map<string, Set<string>>()
    for (const { epoch, ct } of this.#frames) {
      for (const secret of this.#senderData.get(epoch) ?? []) {
        const at = await placeOfFrame(ct, fromBase64Url(secret)!)
        if (!at) continue
        const place = `${secret.slice(0, 8)} epoch ${epoch} leaf ${at.leaf} generation ${at.generation}`
        sealed.set(place, (sealed.get(place) ?? new Set()).add(toBase64Url(ct)))
      }
    }
    return { places: sealed.size, repeated: [...sealed].flatMap(([place, cts]) => (cts.size > 1 ? [place] : [])) }
  }
}

async function member(room: RoomClient): Promise<RoomClient> {
  await until(room, ({ phase }) => phase.at === 'member', 30_000)
  return room
}

const rejoined = (room: RoomClient) => until(room, (s) => events(s).includes('rejoined'), 30_000)

it('[AR30] a SQLite file that is copied back is found before anything is sealed from it, and its device rejoins', async () => {
  const ledger = new Ledger()
  const ana = await world.create('Ana', undefined, ledger.env(openMemoryStorage()))
  const [place, copy] = [path.join(folder, 'ben'), path.join(folder, 'copy')]
  let storage = await openNodeStorage(place)
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!, ledger.env(storage)))
  await ben.send('before the copy')
  await until(ana, hasText('before the copy'))
  await ben.close()
  await storage.close()
  cpSync(place, copy, { recursive: true })

  storage = await openNodeStorage(place)
  const later = await member(await world.comeBack(ledger.env(storage), ana.snapshot.address))
  for (const text of ['one', 'two', 'three']) await later.send(text)
  await until(ana, hasText('three'))
  await later.close()
  await storage.close()

  storage = await openNodeStorage(copy)
  const back = await world.comeBack(ledger.env(storage), ana.snapshot.address)
  await back.send('from the old copy').catch(() => undefined)
  await Promise.all([rejoined(back), rejoined(ana)])
  await member(back)
  await back.send('from the new leaf')
  await until(ana, hasText('from the new leaf'))
  expect(texts(ana.snapshot).slice(0, 4)).toEqual(['before the copy', 'one', 'two', 'three'])
  expect(events(ana.snapshot)).not.toContain('unreadable')
  await back.close()
  await storage.close()
  const { places, repeated } = await ledger.repeated()
  expect(repeated).toEqual([])
  expect(places).toBeGreaterThan(5)
})

it('[AR31] an old copy that comes back after a restart of the relay, which knows nothing of its frames any more, seals only in a new epoch', async () => {
  const ledger = new Ledger()
  const ana = await world.create('Ana', undefined, ledger.env(openMemoryStorage()))
  const storage = openMemoryStorage()
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!, ledger.env(storage)))
  await ben.send('before the copy')
  await until(ana, hasText('before the copy'))
  const copy = storage.clone()
  for (const text of ['one', 'two', 'three']) await ben.send(text)
  await until(ana, hasText('three'))
  await ben.close()
  await world.restart()
  await until(ana, ({ connection }) => connection === 'connected', 30_000)
  const { epoch } = ana.snapshot
  const back = await member(await world.comeBack(ledger.env(copy), ana.snapshot.address))
  await back.send('from the old copy')
  await until(ana, hasText('from the old copy'), 30_000)
  expect(ana.snapshot.epoch).toBeGreaterThan(epoch)
  expect((await ledger.repeated()).repeated).toEqual([])

  // Alone in a room too, where no peer could tell.
  const alone = openMemoryStorage()
  const cleo = await world.create('Cleo', undefined, ledger.env(alone))
  const cleoCopy = alone.clone()
  await cleo.send('to nobody')
  await until(cleo, (s) => s.timeline.some((item) => item.kind === 'message' && item.state !== 'sending'))
  await cleo.close()
  await world.restart()
  const cleoBack = await member(await world.comeBack(ledger.env(cleoCopy), cleo.snapshot.address))
  await cleoBack.send('again to nobody')
  await until(cleoBack, (s) => s.timeline.some((item) => item.kind === 'message' && item.state !== 'sending'), 30_000)
  expect((await ledger.repeated()).repeated).toEqual([])
})

it('[AR32] of two copies of one device that are alive at once, the earlier one stops and says why, and no key serves twice', async () => {
  const ledger = new Ledger()
  const ana = await world.create('Ana', undefined, ledger.env(openMemoryStorage()))
  const storage = openMemoryStorage()
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!, ledger.env(storage)))
  const copy = storage.clone()
  await ben.send('from Ben')
  await until(ana, hasText('from Ben'))
  // A copy from before that message: the frame shows that it is old, so it comes back as a new leaf.
  const twin = await world.comeBack(ledger.env(copy), ana.snapshot.address)
  await until(ben, ({ phase }) => phase.at === 'refused' && phase.code === 'replaced')
  await expect(ben.send('from the earlier one')).rejects.toThrow()
  await rejoined(ana)
  await member(twin)
  await twin.send('from the copy')
  await until(ana, hasText('from the copy'))
  // The earlier one goes on only when a person wants it to. Then it is the copy that stops.
  await ben.close()
  const back = await world.comeBack(ledger.env(storage), ana.snapshot.address)
  await until(twin, ({ phase }) => phase.at === 'refused' && phase.code === 'replaced')
  await rejoined(back)
  await member(back)
  await back.send('one of us goes on')
  await until(ana, hasText('one of us goes on'))
  expect(texts(ana.snapshot)).toEqual(['from Ben', 'from the copy', 'one of us goes on'])
  expect(ana.snapshot.people).toHaveLength(2)
  expect((await ledger.repeated()).repeated).toEqual([])
}, 90_000)

it('[AR33] a device that crashes after any of its writes never uses a generation twice and never loses its session', async () => {
  const ledger = new Ledger()
  const ana = await world.create('Ana', undefined, ledger.env(openMemoryStorage()))
  // Each state that a crash could have left while Ben talked, listened and followed commits.
  const storage = openMemoryStorage()
  const states: ReturnType<typeof storage.clone>[] = []
  const recording: Storage = {
    get: (key) => storage.get(key),
    list: (prefix) => storage.list(prefix),
    keys: (prefix) => storage.keys(prefix),
    apply: async (changes) => {
      states.push(storage.clone())
      await storage.apply(changes)
      states.push(storage.clone())
    },
    close: () => storage.close(),
  }
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!, ledger.env(recording)))
  states.length = 0
  for (let i = 0; i < 3; i++) {
    await ben.send(`ben ${i}`)
    await ana.send(`ana ${i}`)
  }
  await until(ana, hasText('ben 2'))
  await until(ben, hasText('ana 2'))
  await ben.close()
  const seed = nodeRandom(1)[0]!
  const chosen = states.filter((_, i) => i % 7 === seed % 7)
  console.log(`crashes: ${chosen.length} of ${states.length} states, offset ${seed % 7}`)
  let word = 0
  for (const state of [...chosen, storage]) {
    const back = await world.comeBack(ledger.env(state.clone()), ana.snapshot.address)
    word++
    await member(back)
    await back.send(`after crash ${word}`)
    await until(ana, hasText(`after crash ${word}`), 30_000)
    await back.close()
    expect((await ledger.repeated()).repeated, `crash ${word}`).toEqual([])
  }
}, 240_000)
