import { expect, it } from 'vitest'
import { reachOfPage, readReach } from './reach.ts'

const local = reachOfPage({ hostname: 'localhost', origin: 'http://localhost:5000' })
const lan = reachOfPage({ hostname: '192.168.1.5', origin: 'https://192.168.1.5:5000' })

it('[LN30] a page on localhost makes links with the address that the server names, any other with its own', () => {
  const told = { addresses: ['https://192.168.1.9:5000', 'https://nest.local:5000'], guide: 'http://192.168.1.9:5080' }
  expect(readReach(told, local)).toEqual({ origin: 'https://192.168.1.9:5000', guide: told.guide })
  expect(readReach(told, lan)).toEqual({ origin: 'https://192.168.1.5:5000', guide: told.guide })
  expect(readReach({ addresses: [] }, local)).toEqual({ origin: undefined, guide: undefined })
})

it.each([
  undefined,
  null,
  'https://192.168.1.9',
  { addresses: 'https://192.168.1.9' },
  { addresses: ['https://192.168.1.9/room'] },
  { addresses: ['https://user@192.168.1.9'] },
  { addresses: ['javascript:alert(1)'] },
  { addresses: ['https://localhost:5000', 'https://127.0.0.1', 7, `https://${'a'.repeat(300)}.example`] },
  { addresses: ['http://192.168.1.9:5000'] },
  { guide: 'ftp://192.168.1.9' },
])('[LN31] what is no address that others could use is no address (%j)', (told) => {
  expect(readReach(told, local)).toEqual({ origin: undefined, guide: undefined })
})
