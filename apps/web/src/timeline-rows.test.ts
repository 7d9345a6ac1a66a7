import { describe, expect, it } from 'vitest'
import { ana, ben, cleo, message, system } from '../dev/fixtures.ts'
import { rowsOf, tailStart } from './timeline-rows.ts'

const noon = new Date(2026, 10, 23, 12).getTime()
const minute = 60_000

describe('rows of the timeline', () => {
  it('[WB14] messages of one author within five minutes are one run', () => {
    const rows = rowsOf([
      message('1', ben, 'a', { atMs: noon }),
      message('2', ben, 'b', { atMs: noon + minute }),
      message('3', ana, 'c', { atMs: noon + 2 * minute }),
      message('4', ana, 'd', { atMs: noon + 9 * minute }),
    ])
    const runs = rows.map((row) => row.row === 'message' && [row.startsRun, row.endsRun])
    expect(runs).toEqual([false, [true, false], [false, true], [true, true], [true, true]])
  })

  it('[WB14] each day begins with its divider, and a divider ends a run', () => {
    const rows = rowsOf([
      message('1', ben, 'late', { atMs: new Date(2026, 10, 22, 23, 59).getTime() }),
      message('2', ben, 'early', { atMs: new Date(2026, 10, 23, 0, 1).getTime() }),
    ])
    expect(rows.map((row) => row.row)).toEqual(['day', 'message', 'day', 'message'])
    expect(rows[3]).toMatchObject({ startsRun: true })
  })

  it('[WB14] equal events in a row are one line with a count, joins one line with all names', () => {
    const refresh = (key: string) =>
      system(key, { type: 'keys-refreshed', label: 'quantum (simulated)', by: ana }, noon)
    const rows = rowsOf([
      refresh('1'),
      refresh('2'),
      refresh('3'),
      system('4', { type: 'keys-refreshed', label: 'post-quantum', by: ana }, noon),
      system('5', { type: 'joined', people: [ben], by: ana }, noon),
      system('6', { type: 'joined', people: [cleo], by: ana }, noon),
    ])
    expect(rows.slice(1)).toMatchObject([
      { key: '1', times: 3 },
      { key: '4', times: 1 },
      { key: '5', event: { people: [ben, cleo] } },
    ])
  })

  it('[WB11] the tail holds the newest messages and the lines between them', () => {
    const items = Array.from({ length: 250 }, (_, i) =>
      i % 5 === 4 ? system(`${i}`, { type: 'relay-restarted' }) : message(`${i}`, ben, 'x'),
    )
    const rows = rowsOf(items)
    expect(rows.slice(tailStart(rows, 100)).filter(({ row }) => row === 'message')).toHaveLength(100)
    expect(tailStart(rows.slice(0, 40), 100)).toBe(0)
  })
})
