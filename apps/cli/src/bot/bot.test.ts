/** A bot beside a room that is as long as a year. */
import type { RoomClient, RoomSnapshot } from '@qsec/client'
import { expect, it } from 'vitest'
import { ana, ben, message, snapshot } from '../../../web/dev/fixtures.ts'
import { Bot } from './bot.ts'
import type { BotEvent } from './events.ts'

/** What a bot needs of a room that says `count` messages, one after the other. */
function longRoom(): { room: RoomClient; say(count: number): void; held(): number } {
  let now: RoomSnapshot = snapshot({ people: [ana, ben], timeline: [] })
  let listener = (): void => undefined
  let said = 0
  const room: Partial<RoomClient> = {
    get snapshot() {
      return now
    },
    subscribe(called) {
      listener = called
      return () => undefined
    },
    async showLatest() {
      now = { ...now, timeline: now.timeline.slice(-200) }
      listener()
    },
  }
  return {
    room: room as RoomClient,
    say(count) {
      for (let i = 0; i < count; i++) {
        const next = message(`${said}`, ben, `message ${said++}`)
        now = { ...now, timeline: [...now.timeline, next] }
        listener()
      }
    },
    held: () => now.timeline.length,
  }
}

it('[CL30] a bot that hears for months tells each message once, and holds a bounded part of them', async () => {
  const told: BotEvent[] = []
  const long = longRoom()
  new Bot(long.room, (event) => told.push(event), false)
  for (let day = 0; day < 6; day++) {
    long.say(1_500)
    await Promise.resolve()
    expect(long.held()).toBeLessThanOrEqual(2_001)
  }
  const texts = told.flatMap((event) => (event.event === 'message' ? event.text : []))
  expect(texts).toEqual(Array.from({ length: 9_000 }, (_, i) => `message ${i}`))
})
