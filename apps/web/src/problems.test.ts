import { expect, it } from 'vitest'
import { attempt, dismiss, problems, reasonOf, report } from './problems.ts'

it('[WB23] a failure stands in words until it is dismissed, and the same one once', async () => {
  attempt(Promise.reject(new Error('The disk is full')), 'The message could not be stored.')
  await Promise.resolve()
  report('The message could not be stored. The disk is full.')
  expect(problems.value.map((problem) => problem.text)).toEqual(['The message could not be stored. The disk is full.'])
  dismiss(problems.value[0]!.id)
  expect(problems.value).toEqual([])
})

it('[WB23] a reason is a sentence, and nothing where there is none', () => {
  expect([new Error('gone'), new Error('Gone!'), 'text', undefined].map(reasonOf)).toEqual(['gone.', 'Gone!', '', ''])
})
