import { removalProposedAfterDays as theClients } from '@qsec/client'
import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import { fakeClient } from '../../../dev/fake-gate.ts'
import {
  agreement,
  ana,
  ben,
  cleo,
  closedAddress,
  invite,
  knock,
  person,
  secret,
  snapshot,
  system,
} from '../../../dev/fixtures.ts'
import type { AgreementView, PersonView } from '../../client-gate.ts'
import { SuccessorContext } from '../../successor-context.ts'
import { expiryWords, givesWords, kindOfLink, settingsSentences, usesWords } from '../../words/membership.ts'
import { namerOf, removalProposedAfterDays } from '../../words/people.ts'
import { progressWords } from '../../words/successor.ts'
import { Alerts } from '../alerts.tsx'
import { People } from '../people.tsx'
import { Ended } from './ended.tsx'
import { Knocking } from './knocking.tsx'
import { Knocks } from './knocks.tsx'
import { PersonActions } from './person-actions.tsx'
import { RoomSettings } from './room-settings.tsx'
import { Successor } from './successor.tsx'
import { WaitingWishes } from './waiting-wishes.tsx'

const nothing = (): void => undefined
const client = fakeClient(snapshot())
const nameOf = namerOf([ana, ben, cleo])
const nobody: Partial<AgreementView> = { role: 'member', may: { admit: false, change: false, lead: false } }

/** As a reader sees it: the text between the tags. */
function text(node: VNode): string {
  return render(node)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

const none = (): void => undefined

describe('people', () => {
  const list = (people: PersonView[], more: Partial<AgreementView> = {}): VNode => (
    <People
      snapshot={snapshot({ people, agreement: agreement(more) })}
      client={client}
      nameOf={nameOf}
      onPerson={none}
      onVerify={none}
    />
  )

  it('[MW9] roles and long silence are said in words, and the count is of those whom the room holds', () => {
    const said = text(list([ana, { ...ben, role: 'admin', silentDays: 9, present: false }, cleo], { capacity: 12 }))
    for (const words of ['3 of 12', 'Owner you here', 'Admin New silent for 9 days', 'Cleo Marchetti New here']) {
      expect(said).toContain(words)
    }
    expect(said).not.toContain('Member')
  })

  it('[MW10] a device silent for a month is proposed for removal, to those who may and to nobody else', () => {
    const silent = (days: number, mayPutOut: boolean): string =>
      text(list([ana, { ...ben, present: false, silentDays: days, mayPutOut }], mayPutOut ? {} : nobody))
    expect(silent(31, true)).toContain('Silent for 31 days. Remove from room?')
    expect(silent(29, true)).not.toContain('Remove from room?')
    expect(silent(31, false)).not.toContain('Remove from room?')
    expect(removalProposedAfterDays).toBe(theClients)
  })

  it('[MW11] actions stand only beside those about whom something may be done', () => {
    expect(render(list([ana, ben]))).toContain('aria-label="Actions for Ben"')
    expect(render(list([ana, ben]))).not.toContain('Actions for Quiet Otter')
    expect(render(list([ana, { ...ben, mayPutOut: false }], nobody))).not.toContain('Actions for')
  })

  it('[MW11] who leads names admins and hands the room over; an admin puts out, no more', () => {
    const actions = (one: PersonView, more: Partial<AgreementView> = {}): string =>
      text(<PersonActions person={one} name="Ben" agreement={agreement(more)} client={client} onGone={nothing} />)
    expect(actions(ben)).toBe('Make Ben an admin Hand over the room to Ben Remove Ben from room')
    expect(actions({ ...ben, role: 'admin' })).toContain('Take the admin role from Ben')
    expect(actions(ben, { may: { admit: true, change: true, lead: false } })).toBe('Remove Ben from room')
    expect(actions({ ...ben, mayPutOut: false }, nobody)).toBe('')
  })
})

describe('links', () => {
  const hour = 3_600_000

  it('[MW3] each kind, end and use is said in words', () => {
    expect(kindOfLink(invite('a'))).toBe('Anyone with it')
    expect(kindOfLink(invite('a', { usesLeft: 1 }))).toBe('One person')
    expect(kindOfLink(invite('a', { mode: 'approve' }))).toBe('Each one is asked about')
    expect([undefined, 1, 5].map(usesWords)).toEqual(['any number of people', '1 use left', '5 uses left'])
    const ends = [-1, 1_000, hour - 1, 24 * hour - 5_000, 47 * hour, 7 * 24 * hour - 5_000]
    expect(ends.map((ms) => expiryWords(ms, 0))).toEqual([
      'has ended',
      'ends in 1 minute',
      'ends in 1 hour',
      'ends in 24 hours',
      'ends in 47 hours',
      'ends in 7 days',
    ])
  })

  it('[MW3] the dialog says what whoever gets it can do', () => {
    expect(givesWords(invite('a', { expiresMs: hour }), 0)).toBe(
      'Whoever has this link can come in and reads from then on, not what was said before. It ends in 1 hour.',
    )
    expect(givesWords(invite('a', { usesLeft: 1 }), 0)).toMatch(/^The first person who opens this link/)
    expect(givesWords(invite('a', { mode: 'approve' }), 0)).toContain('somebody here says yes or no')
  })
})

describe('asking of the room without a connection', () => {
  it('[WL5] what waits for the connection is named, with a way to take it back; what is under way is not shown', () => {
    const waiting = { id: 1, kind: 'end', waitsFor: 'connection', mayCancel: true } as const
    const html = render(<WaitingWishes wishes={[waiting]} client={client} />)
    expect(html).toContain('End the room: waits for the connection.')
    expect(html).toContain('aria-label="Cancel: End the room"')
    const sent = render(<WaitingWishes wishes={[{ ...waiting, mayCancel: false }]} client={client} />)
    expect(sent).toContain('cannot be taken back')
    expect(sent).not.toContain('<button')
    const online = [{ ...waiting, waitsFor: 'turn' } as const]
    expect(render(<WaitingWishes wishes={online} client={client} />)).not.toContain('<section')
  })
})

describe('asking to come in', () => {
  it('[MW4] both buttons carry the code, and what to compare is said', () => {
    const html = render(<Knocks knocks={[knock('ABCD-EFGH-JKMN')]} client={client} />)
    expect(html).toContain('aria-live="polite"')
    expect(html).toContain('aria-label="Let in ABCD-EFGH-JKMN"')
    expect(html).toContain('aria-label="Turn away ABCD-EFGH-JKMN"')
    expect(html).toContain('over another channel')
    expect(render(<Knocks knocks={[]} client={client} />)).not.toContain('<section')
  })

  it('[MW4] many who ask do not push the conversation away', () => {
    const many = Array.from({ length: 16 }, (_, i) => knock(`ABCD-EFGH-${1_000 + i}`))
    const html = render(<Knocks knocks={many} client={client} />)
    expect(html.match(/Let in ABCD/g)).toHaveLength(2)
    expect(html).toContain('Show 14 more')
  })

  it('[MW8] whoever knocks sees the code in full, and a way back', () => {
    const said = text(<Knocking code="ABCD-EFGH-JKMN" connection="connected" client={client} onHome={nothing} />)
    for (const words of ['You asked to be let in', 'ABCD-EFGH-JKMN', 'they see the same', 'Stop waiting']) {
      expect(said).toContain(words)
    }
  })
})

describe('the room’s settings', () => {
  const panel = (more: Partial<AgreementView>, kind: 'open' | 'closed' = 'closed'): string =>
    render(
      <RoomSettings
        title={undefined}
        agreement={agreement(more)}
        kind={kind}
        client={client}
        nameOf={nameOf}
        onCloseRoom={nothing}
      />,
    )

  it('[MW6] who may change them has the controls, under their names', () => {
    const html = panel({ locked: true, capacity: 12 })
    expect(html).toMatch(/role="switch"[^>]*aria-checked="true"[^>]*aria-label="Lock room"/)
    for (const part of ['Who lets people in', 'People at most', 'value="12"', 'End room for everyone']) {
      expect(html).toContain(part)
    }
    expect(panel({}, 'open')).not.toContain('Who lets people in')
    const admin = panel({ role: 'admin', may: { admit: true, change: true, lead: false } })
    expect(admin).toContain('Lock room')
    expect(admin).not.toContain('End room for everyone')
  })

  it('[MW6] everybody else reads them in words', () => {
    const html = panel({ ...nobody, owner: ben, admitBy: 'admins', capacity: 12 })
    for (const control of ['<input', '<button', 'role="switch"']) expect(html).not.toContain(control)
    for (const words of ['The room is not locked.', 'It holds 12 people at most.', 'Ben owns this room.']) {
      expect(html).toContain(words)
    }
    expect(settingsSentences(agreement({ locked: true }), 'open')).toEqual([
      'The room is locked: nobody new comes in.',
      'There is no limit on the number of people.',
      'The server keeps no messages on its disk.',
    ])
  })
})

describe('sealed messages on the server', () => {
  it('[KP1] who may switches the keeping on and off, with what the disk then holds; others read what is agreed', () => {
    const panel = (more: Partial<AgreementView>): string =>
      render(
        <RoomSettings
          title={undefined}
          agreement={agreement(more)}
          kind="closed"
          client={client}
          nameOf={nameOf}
          onCloseRoom={nothing}
        />,
      )
    expect(panel({})).toMatch(/aria-checked="false"[^>]*aria-label="Keep sealed messages until delivered"/)
    const on = panel({ keepSealed: 3 })
    expect(on).toMatch(/aria-checked="true"[^>]*aria-label="Keep sealed messages until delivered"/)
    for (const words of ['For 3 days at most', 'nobody there can read it', 'from which device', 'copies of the disk']) {
      expect(on).toContain(words)
    }
    const read = panel({ ...nobody, keepSealed: 3 })
    expect(read).not.toContain('role="switch"')
    expect(read).toContain('keeps sealed messages on its disk for 3 days at most, until every device has them.')
    expect(panel(nobody)).toContain('The server keeps no messages on its disk.')
  })

  it('[KP2] where the server does otherwise than agreed that stands above the messages; where not, nothing does', () => {
    const alerts = (more: Partial<AgreementView>): string =>
      render(
        <Alerts
          client={client}
          snapshot={snapshot({ agreement: agreement(more) })}
          nameOf={nameOf}
          onVerify={nothing}
        />,
      )
    expect(alerts({ keepSealed: 14 })).toBe('')
    expect(alerts({})).toBe('')
    expect(alerts({ keepsOtherwise: 14 })).toContain('on its disk, though this room does not ask for it.')
    expect(alerts({ keepSealed: 14, keepsOtherwise: 0 })).toContain(
      'does not keep sealed messages, though this room asks',
    )
    expect(alerts({ keepSealed: 14, keepsOtherwise: 7 })).toContain('for 7 days, not for 14 days.')
  })
})

describe('closing an open room', () => {
  const led = (kind: 'open' | 'closed', more: Partial<AgreementView> = {}): string =>
    text(
      <RoomSettings
        title={undefined}
        agreement={agreement(more)}
        kind={kind}
        client={client}
        nameOf={nameOf}
        onCloseRoom={nothing}
      />,
    )

  it('[SW1] the way to it stands in an open room, for who leads it and nobody else', () => {
    expect(led('open')).toContain('Close this room…')
    expect(led('closed')).not.toContain('Close this room…')
    expect(led('open', { may: { admit: true, change: true, lead: false } })).not.toContain('Close this room…')
  })

  it('[SW4] who is invited reads by whom and has one button; the secret stands nowhere in the page', () => {
    const path = `/room/${closedAddress}#v1.${secret}`
    const bar = (by: PersonView): string =>
      render(
        <SuccessorContext.Provider value={{ close: async () => ({ failed: [], ended: true }), follow: nothing }}>
          <Successor snapshot={snapshot({ successor: { by, path, invited: [] } })} nameOf={nameOf} />
        </SuccessorContext.Provider>,
      )
    for (const words of ['Ben closed this room and invites you to a private one.', 'Join the closed room']) {
      expect(bar(ben)).toContain(words)
    }
    expect(bar(ben)).not.toContain(secret)
    expect(bar(ana)).toContain('Go to the closed room')
    expect(render(<Successor snapshot={snapshot()} nameOf={nameOf} />)).not.toContain('<section')
  })

  it('[SW3] how far each invitation has come is said in words', () => {
    const said = (['waiting', 'sending', 'handed', 'taken', 'lost', 'refused'] as const).map((one) =>
      progressWords(one, false),
    )
    expect(said).toEqual([
      'not invited yet',
      'invitation on its way',
      'away: the invitation waits at the server for up to a day',
      'has the invitation',
      'not invited',
      'not invited',
    ])
    expect(progressWords('handed', true)).toBe('invited')
  })
})

it('[MW7] an ended room says by whom, and offers to be erased here', () => {
  const said = (by: PersonView | undefined): string =>
    text(
      <Ended
        removed={false}
        timeline={by ? [system('e', { type: 'room-ended', by })] : []}
        nameOf={nameOf}
        client={client}
      />,
    )
  expect(said(ben)).toContain('Ben ended this room.')
  expect(said(ana)).toContain('You ended this room.')
  expect(said(person('Gone', { name: '' }))).toContain('Someone')
  expect(said(undefined)).toContain('This room has ended.')
  expect(said(ben)).toContain('Erase this room from this device')
})
