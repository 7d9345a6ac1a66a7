import { describe, expect, it, vi } from 'vitest'
import { fakeClient } from '../dev/fake-gate.ts'
import { fakeKeeper } from '../dev/fake-keeper.ts'
import { closedAddress, openAddress, secret, snapshot } from '../dev/fixtures.ts'
import type { Gate, Look, RoomAddress, RoomClient } from './client-gate.ts'
import { type AddressBar, makeJourney } from './journey.ts'

const origin = 'https://chat.example'

function barAt(path: string): AddressBar & { path: string; go(path: string): void } {
  let listener = (): void => undefined
  return {
    path,
    href() {
      return origin + this.path
    },
    push(next) {
      this.path = next
    },
    replace(next) {
      this.path = next
    },
    onChange(called) {
      listener = called
    },
    go(next) {
      this.path = next
      listener()
    },
  }
}

function gateThat(look: Look): Gate & { entered: unknown[]; clients: RoomClient[] } {
  const entered: unknown[] = []
  const clients: RoomClient[] = []
  const client = (address: RoomAddress): RoomClient => {
    const made = fakeClient(snapshot({ address }))
    clients.push(made)
    return made
  }
  return {
    entered,
    clients,
    keeper: fakeKeeper({}),
    link: async () => ({ ok: false, reason: 'link-over' }),
    createRoom: async () => client(closedAddress),
    closeRoom: async () => ({ failed: [], ended: true }),
    useCreateToken: () => undefined,
    look: async () => look,
    enter: async (options) => {
      entered.push(options)
      return client(options.address)
    },
  }
}

const stranger: Look = { known: false, needsLink: false }
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe('entering', () => {
  it('[WB33] a locked browser asks first; the secret leaves the address bar at once and is there afterwards', async () => {
    const bar = barAt(`/room/${closedAddress}#v1.${secret}`)
    const gate = gateThat({ known: true })
    const keeper = fakeKeeper({ vault: 'locked' })
    const journey = makeJourney({ ...gate, keeper }, bar)
    journey.start()
    expect(bar.path).toBe(`/room/${closedAddress}`)
    const { value } = journey.screen
    if (value.at !== 'locked') throw new Error(value.at)
    expect(gate.entered).toEqual([])
    value.onOpen()
    await settle()
    expect(gate.entered).toEqual([expect.objectContaining({ address: closedAddress, secret: expect.any(Uint8Array) })])

    // Another tab sets the passphrase while this page stands at the door.
    const locked = Object.assign(new Error('storage: it is locked'), { name: 'StorageError', code: 'locked' })
    let shut = true
    const again = makeJourney(
      {
        ...gate,
        keeper: fakeKeeper({}),
        look: async () => {
          if (shut) throw locked
          return { known: true }
        },
      },
      barAt(`/room/${openAddress}`),
    )
    again.start()
    await settle()
    const asked = again.screen.value
    if (asked.at !== 'locked') throw new Error(asked.at)
    shut = false
    asked.onOpen()
    await settle()
    expect(again.screen.value.at).toBe('room')
  })

  it('[WB3] an unknown device comes to the door with name and secret, a known one goes in', async () => {
    const bar = barAt(`/room/${closedAddress}?username=Ben#v1.${secret}`)
    const journey = makeJourney(gateThat(stranger), bar)
    journey.start()
    expect(bar.path).toBe(`/room/${closedAddress}`)
    await settle()
    expect(journey.screen.value).toMatchObject({ at: 'door', ticket: { name: 'Ben', secret: expect.any(Uint8Array) } })

    const known = makeJourney(gateThat({ known: true }), barAt(`/room/${closedAddress}`))
    known.start()
    await settle()
    expect(known.screen.value.at).toBe('room')
  })

  it('[WB3] from the start page nobody is asked again', async () => {
    const bar = barAt('/')
    const gate = gateThat(stranger)
    const journey = makeJourney(gate, bar)
    journey.start()
    journey.join({ address: openAddress, name: 'Ana', expected: 3 })
    expect(bar.path).toBe('/room/garden')
    await settle()
    expect(journey.screen.value.at).toBe('room')
    expect(gate.entered).toEqual([{ address: 'garden', name: 'Ana', expected: 3 }])

    journey.home()
    await journey.create({ name: 'Ana' })
    expect(bar.path).toBe(`/room/${closedAddress}`)
    expect(journey.screen.value.at).toBe('room')
  })

  it('[WB4] a bare address of a closed room needs the link, and the link mended by hand is taken', async () => {
    const bar = barAt(`/room/${closedAddress}`)
    const gate = gateThat(stranger)
    gate.look = async (_, given) => ({ known: false, needsLink: given === undefined })
    const journey = makeJourney(gate, bar)
    journey.start()
    await settle()
    expect(journey.screen.value.at).toBe('needs-link')
    bar.go(`/room/${closedAddress}#v1.${secret}`)
    expect(bar.path).not.toContain('#')
    await settle()
    expect(journey.screen.value.at).toBe('door')
  })

  it('[WB6] going home and back keeps the secret of a room not yet entered', async () => {
    const bar = barAt(`/room/${closedAddress}#v1.${secret}`)
    const journey = makeJourney(gateThat(stranger), bar)
    journey.start()
    await settle()
    journey.home()
    expect(journey.screen.value.at).toBe('home')
    bar.go(`/room/${closedAddress}`)
    await settle()
    expect(journey.screen.value).toMatchObject({ at: 'door', ticket: { secret: expect.any(Uint8Array) } })
  })
})

describe('without a link', () => {
  it('[MW8] whoever misses the link may ask, under a name, and a link that comes later is taken', async () => {
    const bar = barAt(`/room/${closedAddress}`)
    const gate = gateThat({ known: false, needsLink: true })
    const journey = makeJourney(gate, bar)
    journey.start()
    await settle()
    const missing = journey.screen.value
    if (missing.at !== 'needs-link') throw new Error(missing.at)
    journey.ask(missing.ticket)
    const door = journey.screen.value
    if (door.at !== 'door') throw new Error(door.at)
    gate.enter = async (options) => {
      gate.entered.push(options)
      return fakeClient(snapshot({ phase: { at: 'knocking', code: 'ABCD-EFGH-JKMN' } }))
    }
    journey.enter({ ...door.ticket, name: 'Ben' })
    await settle()
    expect(gate.entered).toEqual([{ address: closedAddress, knocks: true, name: 'Ben' }])
    gate.look = async () => ({ known: true })
    bar.go(`/room/${closedAddress}`)
    await settle()
    expect(gate.entered).toHaveLength(1)
    bar.go(`/room/${closedAddress}#v1.${secret}`)
    await settle()
    expect(gate.entered[1]).toMatchObject({ secret: expect.any(Uint8Array) })
  })
})

describe('by a device link', () => {
  it('[LW2] the key leaves the address bar, nothing is taken before a yes, and no name is asked', async () => {
    const bar = barAt(`/room/${closedAddress}#d1.${secret}`)
    const gate = gateThat(stranger)
    const taken: unknown[] = []
    gate.link = async (address, key) => {
      taken.push(key.length)
      return { ok: true, client: fakeClient(snapshot({ address })) }
    }
    const journey = makeJourney(gate, bar)
    journey.start()
    await settle()
    expect(bar.path).toBe(`/room/${closedAddress}`)
    const door = journey.screen.value
    if (door.at !== 'link') throw new Error(door.at)
    expect(taken).toEqual([])
    journey.link(door.ticket)
    await settle()
    expect(journey.screen.value).toMatchObject({ at: 'room', ticket: { address: closedAddress } })
    expect(journey.screen.value).not.toHaveProperty('ticket.link')
    expect(taken).toEqual([32])
    expect(gate.entered).toEqual([])
    // Inside already: another one changes nothing.
    bar.go(`/room/${closedAddress}#d1.${secret}`)
    expect(journey.screen.value.at).toBe('room')
    expect(bar.path).toBe(`/room/${closedAddress}`)
  })

  it('[LW3] one that leads nowhere says why; a locked browser asks first and the link waits', async () => {
    const gate = gateThat(stranger)
    const journey = makeJourney(gate, barAt('/'))
    journey.start()
    journey.join({ address: closedAddress, link: new Uint8Array(32), name: 'Typed at home' })
    const door = journey.screen.value
    if (door.at !== 'link') throw new Error(door.at)
    journey.link(door.ticket)
    await settle()
    expect(journey.screen.value).toMatchObject({ at: 'link-failed', reason: 'link-over' })
    const locked = Object.assign(new Error('storage: it is locked'), { name: 'StorageError', code: 'locked' })
    gate.link = async () => Promise.reject(locked)
    journey.link(door.ticket)
    await settle()
    const asked = journey.screen.value
    if (asked.at !== 'locked') throw new Error(asked.at)
    gate.link = async (address) => ({ ok: true, client: fakeClient(snapshot({ address })) })
    asked.onOpen()
    await settle()
    expect(journey.screen.value.at).toBe('room')
  })
})

describe('moving on', () => {
  it('[WB5] a room that arrives too late is closed and not shown', async () => {
    const gate = gateThat({ known: true })
    const late = fakeClient(snapshot())
    const close = vi.spyOn(late, 'close')
    const arrived = Promise.withResolvers<RoomClient>()
    gate.enter = () => arrived.promise
    const journey = makeJourney(gate, barAt(`/room/${closedAddress}`))
    journey.start()
    await settle()
    expect(journey.screen.value.at).toBe('entering')
    journey.home()
    arrived.resolve(late)
    await settle()
    expect(journey.screen.value.at).toBe('home')
    expect(close).toHaveBeenCalledOnce()
  })

  it('[WB5] leaving the page of a room closes its client once', async () => {
    const gate = gateThat({ known: true })
    const bar = barAt('/room/garden')
    const journey = makeJourney(gate, bar)
    journey.start()
    await settle()
    const close = vi.spyOn(gate.clients[0]!, 'close')
    bar.go('/')
    expect(journey.screen.value.at).toBe('home')
    expect(close).toHaveBeenCalledOnce()
  })

  it('[WB3] what fails can be tried again', async () => {
    const gate = gateThat({ known: true })
    gate.enter = async () => {
      throw new Error('The server does not answer')
    }
    const journey = makeJourney(gate, barAt('/room/garden'))
    journey.start()
    await settle()
    expect(journey.screen.value).toMatchObject({ at: 'failed', reason: 'The server does not answer.' })
    gate.enter = async () => fakeClient(snapshot())
    const failed = journey.screen.value
    if (failed.at === 'failed') journey.again(failed.ticket)
    await settle()
    expect(journey.screen.value.at).toBe('room')
  })
})
