import { render } from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import { fakeClient } from '../../../dev/fake-gate.ts'
import { agreement, ana, ben, knock, ownDevice, person, snapshot } from '../../../dev/fixtures.ts'
import type { PersonView } from '../../client-gate.ts'
import { linkDeviceWords } from '../../words/devices.ts'
import { linkFailureWords } from '../../words/linked.ts'
import { byPerson, listPeople, namerOf } from '../../words/people.ts'
import { People } from '../people.tsx'
import { Devices } from './devices.tsx'
import { Knocks } from './knocks.tsx'

const client = fakeClient(snapshot())
const none = (): void => undefined
const bensPhone: PersonView = { ...ben, device: 'bens phone' as PersonView['device'], present: false, silentDays: 9 }
const anasPhone = person('Quiet Otter', {
  device: 'anas phone' as PersonView['device'],
  person: ana.person,
  standing: { trust: 'self', lookalike: false },
})

function text(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

describe('one person with several devices', () => {
  it('[LW4] it stands in the list once, with how many there are, and counts once against the limit', () => {
    const people = [ana, anasPhone, ben, bensPhone]
    const shown = snapshot({ people, agreement: agreement({ capacity: 12 }) })
    const html = render(
      <People snapshot={shown} client={client} nameOf={namerOf(people)} onPerson={none} onVerify={none} />,
    )
    expect(html.match(/class="person-row"/g)).toHaveLength(2)
    expect(text(html)).toContain('People 2 of 12')
    expect(html.match(/2 devices/g)).toHaveLength(2)
    expect(text(html)).not.toContain('silent for')
  })

  it('[LW5] its name is not taken for another’s, and one’s own other device is told apart from this one', () => {
    const people = [ana, anasPhone, ben, bensPhone]
    const nameOf = namerOf(people)
    expect(nameOf(ben)).toBe('Ben')
    expect(nameOf(bensPhone)).toBe('Ben')
    expect(nameOf(anasPhone)).toBe('You (other device)')
    expect(listPeople([anasPhone, ben], nameOf)).toBe('you and Ben')
    const other = person('Ben', { device: 'another ben' as PersonView['device'], person: 'somebody else' })
    expect(namerOf([...people, other])(ben)).toBe(`Ben (${ben.shortId})`)
    expect(
      byPerson([
        { ...ben, person: '' },
        { ...bensPhone, person: '' },
      ]),
    ).toHaveLength(2)
  })

  it('[LW6] own devices are listed with code and time; this one has no button, and each other one its own', () => {
    const devices = [ownDevice('ABCD-EFGH-JKMN', { self: true }), ownDevice('4PQR-STVW-XYZ0', { present: false })]
    const html = render(<Devices devices={devices} link={undefined} client={client} />)
    expect(html).toContain('This device')
    expect(html.match(/aria-label="Remove this device, code [^"]*"/g)).toEqual([
      'aria-label="Remove this device, code 4PQR-STVW-XYZ0"',
    ])
    expect(text(html)).toContain('away, added')
    expect(html).toContain('Link another device')
  })

  it('[LW7] a device with one’s own keys that asks without a live link is asked about as such', () => {
    const html = render(<Knocks knocks={[knock('ABCD-EFGH-JKMN', { own: true })]} client={client} />)
    expect(html).toContain('A device with your own keys asks to come in')
    expect(html).toContain('somebody has copied your keys')
  })

  it('[LW8] every reason why a link leads nowhere has words, and time is said in minutes and seconds', () => {
    const reasons = ['link-over', 'link-damaged', 'unreachable', 'rate-limited'] as const
    const titles = reasons.map((reason) => linkFailureWords(reason).title)
    expect(new Set(titles).size).toBe(reasons.length)
    for (const reason of reasons) expect(linkFailureWords(reason).help.length).toBeGreaterThan(40)
    expect(linkDeviceWords.left(600_000)).toBe('Ends in 10:00')
    expect(linkDeviceWords.left(65_000)).toBe('Ends in 1:05')
    expect(linkDeviceWords.left(-5)).toBe('Ends in 0:00')
  })
})
