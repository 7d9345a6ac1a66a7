import { render } from 'preact-render-to-string'
import { beforeAll, describe, expect, it } from 'vitest'
import { fakeClient } from '../../dev/fake-gate.ts'
import { ana, ben, cleo, finishedLink, message, person, quantum, snapshot } from '../../dev/fixtures.ts'
import { type Scene, scenes } from '../../dev/scenes.ts'
import type { RoomSnapshot } from '../client-gate.ts'
import { initials } from '../parts/avatar.tsx'
import { BitsChart, barWidth } from '../parts/bits-chart.tsx'
import { NotSent } from '../parts/membership/not-sent.tsx'
import { Message } from '../parts/message.tsx'
import { QberMeter } from '../parts/qber-meter.tsx'
import { QrPicture } from '../parts/qr-code.tsx'
import { QuantumPanel } from '../parts/quantum-panel.tsx'
import { RoomLog } from '../parts/room-log.tsx'
import { namerOf } from '../words/people.ts'
import { shortFingerprint } from '../words/trust.ts'
import { Room } from './room.tsx'

const nothing = (): void => undefined
const nameOf = namerOf([ana, ben, cleo])
const draw = (room: RoomSnapshot): string =>
  render(<Room client={fakeClient(room)} onAgain={nothing} onToken={nothing} onHome={nothing} />)
const panel = (state: Parameters<typeof quantum>[0]): string =>
  render(
    <QuantumPanel
      quantum={quantum(state)}
      nameOf={nameOf}
      alone={false}
      onSwitch={nothing}
      onRun={nothing}
      onHistory={nothing}
    />,
  )

beforeAll(() => {
  // Drawing happens outside a browser here; the address of the page is all that is missing.
  Object.assign(globalThis, { location: { origin: 'https://chat.example', hostname: 'chat.example' } })
})

describe('the room', () => {
  it('[WB10] holds the names of the contract', () => {
    const html = draw(scenes.busy.snapshot(Date.now()))
    for (const part of [
      /role="log"[^>]*aria-label="Messages"/,
      /<textarea[^>]*aria-label="Message"/,
      /aria-label="Send"/,
      /aria-label="People"/,
      />Invite</,
      /aria-expanded="false"/,
      />Room details</,
    ]) {
      expect(html).toMatch(part)
    }
  })

  it('[WB11] draws the newest 100 messages and offers the earlier ones', () => {
    const html = draw({ ...scenes.many.snapshot(Date.now()), earlierItems: 7 })
    expect(html.match(/<article/g)).toHaveLength(100)
    expect(html).toContain('Message number 240')
    expect(html).not.toContain('Message number 140.')
    expect(html).toContain('Show earlier')
  })

  it('[WB13] says the connection', () => {
    const said = { connected: 'Connected', reconnecting: 'Reconnecting…', offline: 'Offline' } as const
    for (const connection of ['connected', 'reconnecting', 'offline'] as const) {
      expect(draw(snapshot({ connection }))).toContain(`role="status" aria-label="${said[connection]}"`)
    }
  })

  it('[GP50] says that something is missing, and lets one go on without it only where nobody has it', () => {
    const missing = (waiting: boolean, certain: boolean) => draw(snapshot({ catchUp: { waiting, certain } }))
    expect(missing(true, true)).toMatch(/nobody here has it.*Go on without it/s)
    expect(missing(false, true)).toContain('Getting it from somebody here')
    for (const calm of [missing(false, true), missing(true, false), draw(snapshot({}))]) {
      expect(calm).not.toContain('Go on without it')
    }
  })

  it('[WB15] has a composer where messages can be written only, and an action in every phase', () => {
    for (const [name, scene] of Object.entries(scenes) as [string, Scene][]) {
      const room = scene.snapshot(Date.now())
      const html = draw(room)
      const { phase } = room
      const inside = phase.at === 'member' || (phase.at === 'connecting' && phase.inside === true)
      const canWrite = inside && room.trust.blockedBy.length === 0
      expect([name, html.includes('<textarea')]).toEqual([name, canWrite])
      // While it connects, the way home is offered after some seconds.
      if (room.phase.at !== 'connecting') expect([name, html.includes('<button')]).toEqual([name, true])
    }
  })

  it('[WB37] opened without a connection it takes messages where this device was inside, empty or not, and says that they wait', () => {
    const offline = scenes['opened-offline'].snapshot(Date.now())
    const html = draw(offline)
    expect(html).toContain('<textarea')
    expect(html).toContain('What you write is kept on this device and goes out once you are back.')
    expect(html).not.toContain('Connecting…')
    expect(draw({ ...offline, timeline: [] })).toContain('<textarea')
    // Who was never in, or has something to read of a room that may be over, waits for the server.
    for (const timeline of [[], offline.timeline]) {
      const never = draw({ ...offline, timeline, phase: { at: 'connecting' } })
      expect(never).not.toContain('<textarea')
      expect(never).toContain('Connecting…')
    }
  })

  it('[WB38] where the server lets nobody in, the words that did not go out stay with their author', () => {
    const texts = (name: 'opened-offline' | 'busy') =>
      render(<NotSent timeline={scenes[name].snapshot(Date.now()).timeline} />)
    expect(texts('opened-offline')).toMatch(/^<p>Not sent<\/p><p[^>]*>Written on the train\.<\/p>$/)
    expect(texts('busy')).toBe('')
  })

  it('[PQ6] a room that requires quantum keys says what waits and for whom, and that its photons are simulated', () => {
    const held = (hold: NonNullable<RoomSnapshot['quantum']['hold']>) =>
      draw(snapshot({ people: [ana, ben, cleo], quantum: quantum({ hold }) }))
    const away = held({ for: 'away', people: [ben] })
    expect(away).toMatch(
      /role="status"[^>]*>This room requires quantum keys \(simulated\)\. [^<]* for Ben’s device, which is away/,
    )
    expect(held({ for: 'away', people: [ben, cleo] })).toMatch(/devices of Ben and Cleo Marchetti, which are away/)
    expect(held({ for: 'fewer', atMost: 17 })).toContain('until there are 17 devices here at most')
    expect(held({ for: 'others' })).toContain('waits for somebody to make a key with')
    expect(held({ for: 'exchange' })).toContain('waits for the key exchange')
    // People write on: what they write is kept.
    expect(away).toContain('<textarea')
    expect(draw(snapshot())).not.toContain('requires quantum keys')
  })

  it('[WB16] shows its link while nobody else is there', () => {
    const html = draw(snapshot())
    expect(html).toContain('Waiting for someone')
    expect(html).toMatch(/aria-label="Invite link"/)
    expect(html).toContain(`https://chat.example${snapshot().invitePath}`)
    expect(draw(scenes.busy.snapshot(Date.now()))).not.toContain('Waiting for someone')
  })

  it('[WB16] an open room says what open means', () => {
    expect(draw(scenes['empty-open'].snapshot(Date.now()))).toContain('whoever runs the server could enter too')
  })

  it('[WB7] people of one name are told apart', () => {
    const standing = { trust: 'new', lookalike: true } as const
    const twin = person('Ben', { person: 'c0de'.repeat(6).slice(0, 22), present: false, standing })
    const html = draw(snapshot({ people: [ana, { ...ben, standing }, twin] }))
    expect(html).toContain('<code class="short-id">c0de c0de c0de</code>')
    expect(html).toContain(`<code class="short-id">${shortFingerprint(ben)}</code>`)
    expect(html).toContain('away')
  })
})

describe('a message', () => {
  const drawn = (state: Parameters<typeof message>[3]): string =>
    render(<Message message={message('m', ana, '<b>hi</b>', state)} nameOf={nameOf} startsRun endsRun />)

  it('[WB11] is an article with author, text and time, and its text is text', () => {
    const html = drawn({})
    expect(html).toMatch(/^<article/)
    expect(html).toContain('Quiet Otter')
    expect(html).toContain('&lt;b>hi&lt;/b>')
    expect(html).toMatch(/<time datetime="2026-11-23T09:30:00.000Z"/i)
  })

  it('[PG13] nesting, markup and floods of lines draw no more nodes than plain words', () => {
    const drawnText = (text: string) =>
      render(<Message message={message('m', ana, text, {})} nameOf={nameOf} startsRun endsRun />)
    const nodes = (html: string) => html.match(/<[a-z]/g)!.length
    const plain = nodes(drawnText('hi'))
    const bombs = [
      '> '.repeat(30_000),
      '['.repeat(60_000),
      '*_'.repeat(30_000),
      `${'a'.repeat(60_000)}!`,
      '\n'.repeat(60_000),
    ]
    for (const text of bombs) {
      const html = drawnText(text)
      expect([text.slice(0, 4), nodes(html)]).toEqual([text.slice(0, 4), plain])
      expect(html).toContain(text.replaceAll('&', '&amp;').slice(0, 59_000))
    }
    const unreadable = (count: number) =>
      snapshot({
        timeline: Array.from({ length: count }, (_, i) => ({
          kind: 'system' as const,
          key: `s${i}`,
          atMs: 1,
          event: { type: 'unreadable' as const, from: ben, reason: 'unknown-content' },
        })),
      })
    expect(nodes(draw(unreadable(5_000)))).toBeLessThan(nodes(draw(unreadable(1))) + 5)
  })

  it('[WB12] puts a code into words', () => {
    expect(drawn({ state: 'not-sent', problem: 'too-large' })).toContain('It is too long for the server.')
  })

  it('[WB12] says its state, and offers a way out where it was not sent', () => {
    expect(drawn({ state: 'sending' })).toContain('>Sending<')
    expect(drawn({ state: 'held' })).toContain('>Waits for quantum keys<')
    expect(drawn({ state: 'sent' })).toContain('>Sent<')
    expect(drawn({ state: 'delivered' })).toContain('>Delivered<')
    const failed = drawn({ state: 'not-sent', problem: 'Too long.' })
    for (const words of ['>Not sent<', 'Too long.', '>Retry<', '>Delete<']) expect(failed).toContain(words)
    expect(drawn({ state: 'delivered' })).not.toContain('Retry')
  })
})

describe('the quantum panel', () => {
  const bad = finishedLink(ana, cleo, { state: 'aborted', qber: 0.25, reason: 'qber-above-threshold' })

  it('[WB17] the meter shows the worst link, and before the first run that nothing is measured', () => {
    const before = render(<QberMeter quantum={quantum()} />)
    expect(before).toContain('role="meter"')
    expect(before).toContain('aria-label="QBER"')
    expect(before).toContain('aria-valuemin="0" aria-valuemax="0.5"')
    expect(before).toContain('aria-valuetext="not measured"')
    const after = render(<QberMeter quantum={quantum({ links: [finishedLink(ana, ben), bad] })} />)
    expect(after).toContain('aria-valuenow="0.25"')
    expect(after).toContain('class="meter over"')
    expect(after).toContain('limit 11\u00a0%')
  })

  it('[WB18] says how the last run ended', () => {
    expect(panel({ outcome: 'completed' })).toMatch(/role="status"[^>]*>Key exchange completed</)
    expect(panel({ outcome: 'eavesdropper', links: [bad] })).toMatch(
      /role="alert"[^>]*>Eavesdropper detected, no key made</,
    )
    expect(panel({})).not.toContain('Key exchange completed')
  })

  it('[WB20] says who switched the eavesdropper', () => {
    const html = panel({ eavesdropper: { on: true, by: ben } })
    expect(html).toMatch(/role="switch"[^>]*aria-checked="true"[^>]*aria-label="Simulate eavesdropper"/)
    expect(html).toContain('Switched on by Ben.')
    expect(panel({ eavesdropper: { on: false, by: ana } })).toContain('Switched off by you.')
  })

  it('[WB9] never names key bits without the word simulated', () => {
    const html = panel({ links: [finishedLink(ana, ben)] })
    expect(html).toContain('20,992 simulated key bits left')
    expect(html).toContain('Simulated photons give no quantum security.')
  })

  it('[WB19] the chart has a bar for each stage and the same numbers as a table', () => {
    const { stages } = finishedLink(ana, ben)
    const html = render(<BitsChart stages={stages} link="You ↔ Ben" />)
    expect(html).toMatch(/<svg role="img" aria-label="Bits by stage"/)
    expect(html.match(/class="bits-bar"/g)).toHaveLength(stages.length)
    expect(html.match(/<td>/g)).toHaveLength(stages.length)
    expect(html).toContain('<td>1,000,000</td>')
  })

  it('[WB31] says where the run was computed and in what, and nothing of runs between others', () => {
    const link = finishedLink(ana, ben)
    expect(panel({ links: [link] })).toContain('Computed in a worker beside this page. Privacy amplification: wasm.')
    const fallback = panel({ links: [{ ...link, place: { thread: 'page', amplifier: 'typescript' } }] })
    expect(fallback).toMatch(/on this page’s own thread.*no workers.*TypeScript/)
    const { place: _mine, ...foreign } = link
    expect(panel({ links: [foreign] })).not.toContain('Computed')
  })

  it('[WB19] each tenfold is one equal step, and no bits are no bar', () => {
    const steps = [1, 10, 100, 1_000].map((bits) => barWidth(bits, 1_000))
    expect(steps.slice(1).map((width, i) => Math.round(width - steps[i]!))).toEqual([103, 103, 103])
    expect(render(<BitsChart stages={[{ name: 'secret', bits: 0 }]} link="x" />)).not.toContain('bits-bar')
  })
})

it('[WB10] the QR code is an image with its name', () => {
  expect(
    render(
      <QrPicture
        modules={[
          [true, false],
          [false, true],
        ]}
      />,
    ),
  ).toMatch(/<svg class="qr" role="img" aria-label="QR code"/)
})

it('[WB10] the room log is a log with its lines as text', () => {
  const html = render(<RoomLog lines={[{ id: 1, message: '[MSG_RELAYED] seq=1 <i>', created_at: 0 }]} />)
  expect(html).toMatch(/role="log" aria-label="Room log"/)
  expect(html).toContain('<b>[MSG_RELAYED]</b> seq=1 &lt;i>')
})

it('[WB10] initials are whole signs', () => {
  expect(['Quiet Otter', 'ben', '👩‍🚀 Mission', '', '陳大文'].map(initials)).toEqual(['QO', 'B', '👩‍🚀M', '?', '陳'])
})
