import { limits } from '@qsec/protocol'
import { expect, it } from 'vitest'
import type { GroupMember } from '../crypto/index.ts'
import { firstDevices } from './opening.ts'

const devices = (person: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ person, device: `${person}${i}` }) as unknown as GroupMember)
const self = { person: 'ana', device: 'ana0' } as never

it('[PP43] a person with more devices than a conversation holds can be talked to all the same', () => {
  const all = [...devices('ana', 3), ...devices('ben', 2), ...devices('cleo', 9)]
  expect(firstDevices(all, self, 'ben').map(({ device }) => device)).toEqual(['ben0', 'ben1', 'ana1', 'ana2'])
  const many = firstDevices([...devices('ana', 40), ...devices('ben', 60)], self, 'ben')
  expect(many).toHaveLength(limits.devicesPerConversation - 1)
  expect(many.filter(({ person }) => person === 'ben')).toHaveLength(60)
  expect(many.some(({ device }) => String(device) === 'ana0')).toBe(false)
})
