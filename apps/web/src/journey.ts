/** Which screen stands, and how a person gets from one to the next. Screens call it; it holds the one open room. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { type Arrival, readLocation } from './address.ts'
import { type Gate, isLocked, type RoomAddress, type RoomClient, type Secret } from './client-gate.ts'
import type { Keeper } from './keeper.ts'
import { attempt, reasonOf } from './problems.ts'
import type { LinkFailure } from './words/linked.ts'
import { problemWords } from './words/problems.ts'

/** What the door of a room knows of whoever stands before it. */
export interface Ticket {
  address: RoomAddress
  secret?: Secret
  /** Of a device link: comes as another device of whoever made it. */
  link?: Secret
  name?: string
  expected?: number
  /** Without the link: asks the people inside to be let in. */
  knocks?: boolean
}

export type Screen =
  | { at: 'home' }
  /** The storage of this browser asks for its passphrase; `onOpen` goes on with what was under way. */
  | { at: 'locked'; onOpen(): void }
  | { at: 'device' }
  | { at: 'nowhere' }
  | { at: 'looking'; ticket: Ticket }
  | { at: 'needs-link'; ticket: Ticket }
  | { at: 'door'; ticket: Ticket }
  /** Before a device link is taken. */
  | { at: 'link'; ticket: Ticket }
  | { at: 'linking'; ticket: Ticket }
  | { at: 'link-failed'; ticket: Ticket; reason: LinkFailure }
  | { at: 'entering'; ticket: Ticket }
  | { at: 'failed'; ticket: Ticket; reason: string }
  | { at: 'room'; ticket: Ticket; client: RoomClient }

/** What of the browser this needs: the address bar and its history. */
export interface AddressBar {
  href(): string
  push(path: string): void
  replace(path: string): void
  /** Calls `listener` when the person goes back, forward, or changes what stands after `#`. */
  onChange(listener: () => void): void
}

export interface Journey {
  readonly screen: ReadonlySignal<Screen>
  readonly keeper: Keeper
  readonly closeRoom: Gate['closeRoom']
  /** From an open room into the closed one at `path` that takes its place. The secret in it never meets the address bar. */
  follow(path: string, name: string): void
  /** Reads the address bar and goes where it points. */
  start(): void
  /** Makes a closed room. Rejects where that fails, and the start page stays. */
  create(options: { name: string; expected?: number }): Promise<void>
  /** From the start page back into a room that is stored here. */
  open(address: RoomAddress): void
  /** From the start page into a room, with the name given there. */
  join(ticket: Ticket & { name: string }): void
  /** From the page that misses the link to the door, to ask the people inside. */
  ask(ticket: Ticket): void
  /** Through the door, with the name given there. */
  enter(ticket: Ticket): void
  /** Takes the device link of the ticket. */
  link(ticket: Ticket): void
  again(ticket: Ticket): void
  /** The same with the token of whoever runs the server, which lets make rooms. */
  makeWith(token: string, ticket: Ticket): void
  home(): void
  /** What this browser keeps, and what protects it. */
  device(): void
}

export function makeJourney(gate: Gate, bar: AddressBar): Journey {
  const screen: Signal<Screen> = signal({ at: 'home' })
  // Secrets of rooms that this page has not entered yet: they left the address bar, and going back must not lose them.
  const secrets = new Map<RoomAddress, Secret>()
  // Whoever has moved on meanwhile is not pulled back by a late answer.
  let step = 0

  function move(next: Screen): void {
    const before = screen.value
    if (before.at === 'room' && (next.at !== 'room' || next.client !== before.client)) {
      attempt(before.client.close(), problemWords.unexpected)
    }
    screen.value = next
  }

  function remember(ticket: Ticket): Ticket {
    if (ticket.secret !== undefined) secrets.set(ticket.address, ticket.secret)
    const secret = secrets.get(ticket.address)
    return secret === undefined ? ticket : { ...ticket, secret }
  }

  function goTo({ place, cleanPath }: Arrival): void {
    bar.replace(cleanPath)
    if (place.at !== 'room') {
      step++
      move(place)
      return
    }
    const { at: _, ...ticket } = place
    const before = screen.value
    if (before.at === 'room' && before.ticket.address === ticket.address) {
      // Whoever is not in yet may have got another link for it.
      const { at } = before.client.snapshot.phase
      const outside = at === 'waiting' || at === 'knocking' || at === 'refused'
      if ((ticket.secret === undefined && ticket.link === undefined) || !outside) return
    }
    if (ticket.link !== undefined) {
      step++
      move({ at: 'link', ticket })
      return
    }
    look(ticket)
  }

  /** Known devices go in, others come to the door or hear that the link is not whole. */
  function look(given: Ticket, nameGiven = false): void {
    const ticket = remember(given)
    const mine = ++step
    move({ at: 'looking', ticket })
    gate.look(ticket.address, ticket.secret).then(
      (seen) => {
        if (mine !== step) return
        if (seen.known || (nameGiven && !seen.needsLink)) enter(ticket)
        else move({ at: seen.needsLink ? 'needs-link' : 'door', ticket })
      },
      (error: unknown) => {
        if (mine === step) failed(error, ticket, () => look(given, nameGiven))
      },
    )
  }

  function enter(ticket: Ticket): void {
    const mine = ++step
    move({ at: 'entering', ticket })
    gate.enter(ticket).then(
      (client) => {
        if (mine === step) move({ at: 'room', ticket, client })
        else attempt(client.close(), problemWords.unexpected)
      },
      (error: unknown) => {
        if (mine === step) failed(error, ticket, () => enter(ticket))
      },
    )
  }

  function link(ticket: Ticket): void {
    const { address, link: key } = ticket
    if (key === undefined) {
      look(ticket)
      return
    }
    const mine = ++step
    move({ at: 'linking', ticket })
    gate.link(address, key).then(
      (linked) => {
        // The link has served: what is tried again from here on goes without it.
        if (mine === step && linked.ok) move({ at: 'room', ticket: { address }, client: linked.client })
        else if (linked.ok) attempt(linked.client.close(), problemWords.unexpected)
        else if (mine === step) move({ at: 'link-failed', ticket, reason: linked.reason })
      },
      (error: unknown) => {
        if (mine === step) failed(error, ticket, () => link(ticket))
      },
    )
  }

  function failed(error: unknown, ticket: Ticket, again: () => void): void {
    if (isLocked(error)) move({ at: 'locked', onOpen: again })
    else move({ at: 'failed', ticket, reason: reasonOf(error) })
  }

  return {
    screen,
    keeper: gate.keeper,
    closeRoom: gate.closeRoom,
    follow(path, name) {
      const { place, cleanPath } = readLocation(new URL(path, bar.href()).href)
      if (place.at !== 'room') throw new Error('a successor leads to no room')
      const { at: _, ...ticket } = place
      bar.push(cleanPath)
      look({ ...ticket, name }, true)
    },
    start() {
      bar.onChange(() => goTo(readLocation(bar.href())))
      const arrival = readLocation(bar.href())
      if (!gate.keeper.mayBeLocked()) {
        goTo(arrival)
        return
      }
      // The secret leaves the address bar at once, and waits here for the passphrase.
      bar.replace(arrival.cleanPath)
      move({ at: 'locked', onOpen: () => goTo(arrival) })
    },
    async create(options) {
      const mine = ++step
      const client = await gate.createRoom(options).catch((error: unknown) => {
        if (mine === step && isLocked(error)) move({ at: 'locked', onOpen: () => move({ at: 'home' }) })
        throw error
      })
      if (mine !== step) return client.close()
      const { address } = client.snapshot
      bar.push(`/room/${address}`)
      move({ at: 'room', ticket: { address }, client })
    },
    open(address) {
      bar.push(`/room/${address}`)
      look({ address })
    },
    join(ticket) {
      bar.push(`/room/${ticket.address}`)
      if (ticket.link === undefined) look(ticket, true)
      else {
        step++
        move({ at: 'link', ticket })
      }
    },
    ask: (ticket) => move({ at: 'door', ticket: { ...ticket, knocks: true } }),
    enter,
    link,
    again: (ticket) => look(ticket, ticket.name !== undefined),
    makeWith(token, ticket) {
      gate.useCreateToken(token)
      look(ticket, ticket.name !== undefined)
    },
    home() {
      step++
      bar.push('/')
      move({ at: 'home' })
    },
    device() {
      step++
      bar.push('/#device')
      move({ at: 'device' })
    },
  }
}

/** The address bar of this browser. */
export function browserBar(window: Window): AddressBar {
  return {
    href: () => window.location.href,
    push: (path) => window.history.pushState(null, '', path),
    replace: (path) => window.history.replaceState(null, '', path),
    onChange: (listener) => window.addEventListener('popstate', listener),
  }
}
