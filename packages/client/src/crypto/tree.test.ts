import { expect, it } from 'vitest'
import { type Member, World } from './test-world.ts'

it('[CR30] a newcomer enters a tree in which somebody has not yet committed a path', async () => {
  const world = new World()
  const members = await world.room(7)
  const [ana] = members as [Member, ...Member[]]
  // The right half of the tree gets its keys, then an eighth leaf among them, then the root gets new ones.
  await world.apply(members[4]!, members, {})
  members.push(...(await world.admit(ana, members)))
  await world.apply(ana, members, {})
  const [ninth] = await world.admit(ana, members)
  expect(ninth!.group.authenticator).toEqual(ana.group.authenticator)
})
