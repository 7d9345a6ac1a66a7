import { expect, it } from 'vitest'
import { Solo } from './testing/solo.ts'

it('[PP11] while somebody is in the group who has to go, nothing is sealed nor sent, not even what was sealed before', async () => {
  const solo = await Solo.begin()
  await solo.resumes()
  await solo.says('early')
  expect(solo.sent.map(({ id }) => id)).toEqual(['early'])
  const [early] = solo.sent
  solo.forgetSent()
  solo.hasStranger = true
  await solo.says('late')
  await early!.answer(undefined) // no word of it: it would go again
  await solo.clock.run(5_000)
  expect(solo.sent).toEqual([])
  expect(solo.stream.rows.find(({ id }) => id === 'late')?.sealed).toBeUndefined()

  const commit = await solo.commits()
  await solo.hears(commit.at(1))
  expect(solo.sent).toEqual([])
  solo.hasStranger = false
  await solo.do((stream) => stream.stands(1))
  expect(solo.sent.map(({ id, epoch }) => `${id} ${epoch}`)).toEqual(['early 2', 'late 2'])
})
