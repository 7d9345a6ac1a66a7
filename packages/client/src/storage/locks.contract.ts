/** What every Locks promises, as plain functions (see storage.contract.ts for why). */
import type { Locks } from '../ports.ts'
import { type Suite, same } from './storage.contract.ts'

export interface LocksCase {
  name: string
  /** Both ends share one set of locks: two tabs, or twice the same object. */
  run(ours: Locks, theirs: Locks): Promise<void>
}

export function describeLocks(name: string, open: () => { ours: Locks; theirs: Locks }, suite: Suite): void {
  suite.describe(name, () => {
    for (const { name: title, run } of locksCases) {
      suite.it(title, () => {
        const { ours, theirs } = open()
        return run(ours, theirs)
      })
    }
  })
}

export const locksCases: readonly LocksCase[] = [
  {
    name: '[ST11] a lock has one holder; another name is another lock; a freed one can be had again',
    async run(ours, theirs) {
      const release = await ours.acquire('st11', 0)
      same(typeof release, 'function')
      same(await theirs.acquire('st11', 0), undefined)
      same(await ours.acquire('st11', 0), undefined)
      const other = await theirs.acquire('st11/other', 0)
      same(typeof other, 'function')
      other?.()
      release?.()
      const again = await theirs.acquire('st11', 1_000)
      same(typeof again, 'function')
      again?.()
    },
  },
  {
    name: '[ST12] a wait ends with the lock when it is freed in time, and with undefined when it is not',
    async run(ours, theirs) {
      const release = await ours.acquire('st12', 0)
      same(await theirs.acquire('st12', 30), undefined)
      const waiting = theirs.acquire('st12', 5_000)
      release?.()
      const theirRelease = await waiting
      same(typeof theirRelease, 'function')
      same(await ours.acquire('st12', 0), undefined)
      theirRelease?.()
    },
  },
  {
    name: '[ST13] those who wait get the lock in their order; who gave up is passed over; freeing twice frees once',
    async run(ours, theirs) {
      const order: string[] = []
      const release = await ours.acquire('st13', 0)
      const impatient = theirs.acquire('st13', 20)
      const first = theirs.acquire('st13', 5_000).then((free) => {
        order.push('first')
        return free
      })
      const second = ours.acquire('st13', 5_000).then((free) => {
        order.push('second')
        return free
      })
      same(await impatient, undefined)
      release?.()
      const freeFirst = await first
      same(order, ['first'])
      release?.()
      same(await theirs.acquire('st13', 0), undefined)
      freeFirst?.()
      const freeSecond = await second
      same(order, ['first', 'second'])
      freeSecond?.()
    },
  },
]
