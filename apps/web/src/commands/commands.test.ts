import { afterEach, describe, expect, it, vi } from 'vitest'
import { scenes } from '../../dev/scenes.ts'
import type { RoomClient, RoomSnapshot } from '../client-gate.ts'
import { startsMessage } from '../parts/compose/typing.ts'
import { namerOf } from '../words/people.ts'
import { type Command, matching, type RoomView, roomCommands } from './list.ts'
import { shortcutOf } from './shortcuts.ts'

const done: string[] = []
const view = new Proxy({} as RoomView, {
  get: (_of, name) => {
    if (name === 'details' || name === 'cleared') return { on: false, switch: () => done.push(`${name} switch`) }
    return (...what: unknown[]) => done.push([name, ...what].join(' ').trim())
  },
})
const client = new Proxy({} as RoomClient, {
  get: (_of, name) => async (what: unknown) => void done.push(`${String(name)} ${JSON.stringify(what)}`),
})
const commandsOf = (snapshot: RoomSnapshot): Command[] =>
  roomCommands(snapshot, client, view, undefined, namerOf(snapshot.people))
const names = (commands: readonly Command[]): string[] => commands.map(({ name }) => name)
const busy = scenes.busy.snapshot(1_700_000_000_000)

describe('the commands of a room', () => {
  it('[FD43] only what this person may do now is among them', () => {
    const owner = names(commandsOf(busy))
    expect(owner).toEqual(expect.arrayContaining(['Search messages', 'Lock the room', 'Leave room', 'Invite people']))
    expect(owner).not.toContain('Full screen')
    const agreement = { ...busy.agreement!, may: { admit: false, change: false, lead: false } }
    expect(names(commandsOf({ ...busy, agreement }))).not.toContain('Lock the room')
    expect(names(commandsOf({ ...busy, agreement: { ...busy.agreement!, locked: true } }))).toContain('Unlock the room')
    const ended = names(commandsOf({ ...busy, phase: { at: 'ended' } }))
    expect(ended).toContain('Search messages')
    for (const name of ['Leave room', 'Lock the room', 'Run key exchange', 'Invite people'])
      expect(ended).not.toContain(name)
  })

  it('[FD44] what is typed finds by the beginning first, without accents; people only where one is looked for', () => {
    const all = commandsOf(busy)
    expect(names(matching(all, '')).some((name) => name.startsWith('Verify Ben'))).toBe(false)
    expect(names(matching(all, 'verify'))[0]).toBe('Verify who is here')
    expect(names(matching(all, 'BEN vérify'))).toEqual(['Verify Ben'])
    expect(names(matching(all, 'room lock'))).toEqual(['Lock the room'])
    expect(matching(all, 'zebra')).toEqual([])
    const ids = all.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('[FD45] each does what it says', async () => {
    const run = async (name: string): Promise<string | undefined> => {
      done.length = 0
      await commandsOf(busy)
        .find((one) => one.name === name)!
        .run()
      return done[0]
    }
    expect(await run('Lock the room')).toBe('changeRoom {"locked":true}')
    expect(await run('Run key exchange')).toMatch(/^runKeyExchange/)
    expect(await run('Search messages')).toBe('openSearch')
    expect(await run('Clear the view')).toBe('cleared switch')
    expect(await run('Verify Ben')).toMatch(/^openVerify \S+/)
    expect(await run('Leave room')).toBe('openLeave')
  })
})

describe('the keys of a room', () => {
  afterEach(() => vi.unstubAllGlobals())
  const key = (pressed: string, code: string, more: Partial<KeyboardEvent> = {}) =>
    ({ key: pressed, code, target: null, ...more }) as KeyboardEvent

  it('[FD46] work on keyboards without Latin letters, and go by the letter where there is one', () => {
    vi.stubGlobal('document', { querySelector: () => null })
    vi.stubGlobal('Element', class {})
    const ctrl = { ctrlKey: true }
    for (const [f, k] of ['fk', 'FK', 'بن', 'ак', 'φκ', 'िक', 'כל']) {
      expect(shortcutOf(key(f!, 'KeyF', ctrl))).toBe('search')
      expect(shortcutOf(key(k!, 'KeyK', ctrl))).toBe('palette')
    }
    // Dvorak has other letters there, and its F and K elsewhere.
    expect([shortcutOf(key('u', 'KeyF', ctrl)), shortcutOf(key('t', 'KeyK', ctrl))]).toEqual([undefined, undefined])
    expect(shortcutOf(key('f', 'KeyY', ctrl))).toBe('search')
    expect(shortcutOf(key('é', 'KeyF', ctrl))).toBeUndefined()
    for (const more of [{}, { ...ctrl, shiftKey: true }, { ...ctrl, altKey: true }, { metaKey: true, ...ctrl }]) {
      expect(shortcutOf(key('ب', 'KeyF', more))).toBeUndefined()
    }
    for (const mark of ['?', '؟']) {
      expect(shortcutOf(key(mark, 'Slash', { shiftKey: true }))).toBe('keys')
      expect(startsMessage(key(mark, 'Slash', { shiftKey: true }))).toBe(false)
    }
    expect([shortcutOf(key('/', 'Slash')), startsMessage(key('ب', 'KeyF'))]).toEqual([undefined, true])
  })
})
