/** Many clients come, go, crash and come back, from a seed; once they are left alone all who are there are in one epoch. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientEnv, RoomClient, RoomSnapshot } from '@qsec/client'
import { seededRandom } from '../../packages/qkd/src/random.ts'
import type { World } from './world.ts'

/** The part of all that happens that is somebody coming. */
const joinsOfAll = 0.55

export interface ChurnPlan {
  seed: number
  /** Who ever comes, besides the first. */
  clients: number
  /** About so long it takes them on a machine that keeps up; then nobody moves any more. */
  forMs: number
  /** For those who are there to come to one epoch. */
  patienceMs: number
}

export interface ChurnEnd {
  live: number
  came: number
  /** Epochs and codes of the room that are shown: the code is made of the epoch's authenticator. One, if all is well. */
  views: string[]
  epoch: number
  left: number
  crashed: number
  returned: number
  /** Messages of the last round that somebody has not seen. */
  unheard: number
  settledMs: number
}

interface Guest {
  env: ClientEnv
  room: RoomClient
}

export async function churn(world: World, plan: ChurnPlan): Promise<ChurnEnd> {
  const random = seededRandom(plan.seed)
  const where = `/room/churn${plan.seed % 1_000_000}`
  const address = where.slice('/room/'.length)
  const guests: Guest[] = []
  const asleep: ClientEnv[] = []
  const done = { left: 0, crashed: 0, returned: 0 }
  const isMember = ({ room }: Guest) => room.snapshot.phase.at === 'member'
  const enter = async (name: string) => {
    const env = calm(world)
    guests.push({ env, room: await world.join(name, where, env) })
  }
  const take = (from: Guest[]) => {
    const chosen = from[Math.floor(random() * from.length)]
    if (chosen) guests.splice(guests.indexOf(chosen), 1)
    return chosen
  }

  await enter('Ana')
  const [first] = guests as [Guest]
  await shown(() => isMember(first), plan.patienceMs)
  const others = () => guests.filter((guest) => guest !== first)
  const moving: Promise<unknown>[] = []
  let came = 0
  const betweenMs = (joinsOfAll * plan.forMs) / plan.clients
  while (came < plan.clients) {
    const chance = random()
    if (chance < joinsOfAll) moving.push(enter(`Guest ${++came}`))
    else if (chance < 0.75) {
      const guest = take(others().filter(isMember))
      if (guest) {
        done.left++
        moving.push(guest.room.leave())
      }
    } else if (chance < 0.9) {
      const guest = take(others())
      if (guest) {
        done.crashed++
        const isStored = isMember(guest)
        moving.push(guest.room.close().then(() => void (isStored && asleep.push(guest.env))))
      }
    } else {
      const env = asleep.shift()
      if (env) {
        done.returned++
        moving.push(world.comeBack(env, address).then((room) => guests.push({ env, room })))
      }
    }
    await sleep(2 * betweenMs * random())
  }
  await Promise.all(moving)

  const settling = performance.now()
  const view = ({ room: { snapshot } }: Guest) =>
    `${snapshot.epoch} ${snapshot.trust.roomCode?.digits ?? notInside(snapshot.phase)}`
  const views = () => [...new Set(guests.map(view))]
  await shown(() => guests.every(isMember) && views().length === 1, plan.patienceMs)
  // Whoever is not inside by now is to be seen in `views`.
  const inside = guests.filter(isMember)
  await Promise.all(inside.map(({ room }, i) => room.send(`last ${i}`)))
  const heard = ({ room }: Guest) =>
    room.snapshot.timeline.filter((item) => item.kind === 'message' && item.text.startsWith('last ')).length
  await shown(() => inside.every((guest) => heard(guest) === inside.length), plan.patienceMs)
  return {
    live: guests.length,
    came,
    views: views(),
    epoch: first.room.snapshot.epoch ?? 0,
    ...done,
    unheard: inside.reduce((sum, guest) => sum + inside.length - heard(guest), 0),
    settledMs: Math.round(performance.now() - settling),
  }
}

function notInside(phase: RoomSnapshot['phase']): string {
  if (phase.at === 'refused') return `refused: ${phase.code}, ${phase.message}`
  return 'anyoneHere' in phase ? `${phase.at}, ${phase.anyoneHere ? 'with somebody' : 'alone'}` : phase.at
}

/** Without quantum runs, which would be most of the work and are none of this. */
function calm(world: World): ClientEnv {
  const run = { handle: () => undefined, cancel: () => undefined, release: () => undefined }
  return { ...world.env(), openQuantum: () => ({ begin: () => run, close: () => undefined }) }
}

/** Waits until it holds, or no longer: what is left to see says the rest. */
async function shown(holds: () => boolean, patienceMs: number): Promise<void> {
  const until = performance.now() + patienceMs
  while (!holds() && performance.now() < until) await sleep(50)
}
