import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Serial } from './serial.ts'

it('[SN19] jobs run one after the other in the order in which they were given', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 8 }), async (scheduler, jobs) => {
      const queue = new Serial()
      const story: string[] = []
      const results = Array.from({ length: jobs }, (_, i) =>
        queue.run(async () => {
          story.push(`begin ${i}`)
          await scheduler.schedule(Promise.resolve())
          story.push(`end ${i}`)
          return i
        }),
      )
      await scheduler.waitFor(Promise.all(results))
      expect(await Promise.all(results)).toEqual(Array.from({ length: jobs }, (_, i) => i))
      expect(story).toEqual(Array.from({ length: jobs }, (_, i) => [`begin ${i}`, `end ${i}`]).flat())
    }),
  )
})

it('[SN20] a failed job is reported to its caller alone, and the next one runs', async () => {
  const queue = new Serial()
  const failed = queue.run(() => Promise.reject(new Error('no')))
  const thrown = queue.run(() => {
    throw new Error('neither')
  })
  const fine = queue.run(() => 'yes')
  await expect(failed).rejects.toThrow('no')
  await expect(thrown).rejects.toThrow('neither')
  expect(await fine).toBe('yes')
})

it('[SN21] it is idle once everything given so far has run, and not before', async () => {
  const queue = new Serial()
  let open: (() => void) | undefined
  void queue.run(() => new Promise<void>((resolve) => (open = resolve)))
  let idle = false
  void queue.idle().then(() => (idle = true))
  await setImmediate()
  expect(idle).toBe(false)
  open!()
  await setImmediate()
  expect(idle).toBe(true)
})
