/** A gate to rooms that do not exist: every state of the screens, and a room that answers, without a server. */
import type {
  AgreementView,
  ComparisonView,
  Gate,
  InviteView,
  KnockView,
  MessageView,
  PersonView,
  RoomClient,
  RoomSnapshot,
  SystemEvent,
} from '../src/client-gate.ts'
import { epochs } from './epoch-fixtures.ts'
import { fakeKeeper } from './fake-keeper.ts'
import { fakeSearch } from './fake-search.ts'
import {
  agreement,
  ben,
  closedAddress,
  finishedLink,
  invite,
  logLine,
  message,
  ownDevice,
  person,
  secret,
  sixPictures,
  system,
} from './fixtures.ts'
import { type Scene, type SceneName, scenes } from './scenes.ts'
import { serverTables } from './server-fixtures.ts'

export function fakeGate(name: SceneName): Gate {
  const scene: Scene = scenes[name]
  return {
    createRoom: async (options) => fakeClient(named(scenes.empty.snapshot(Date.now()), options.name)),
    look: async () => scene.look ?? { known: true },
    enter: async () => {
      if (scene.enterFails !== undefined) throw new Error(scene.enterFails)
      return fakeClient(scene.snapshot(Date.now()))
    },
    link: async () => {
      if (scene.linkFails !== undefined) return { ok: false, reason: scene.linkFails }
      return { ok: true, client: fakeClient(scene.snapshot(Date.now())) }
    },
    closeRoom: async (room, { keep, end }) => {
      await room.noteSuccessor(`/room/${closedAddress}`)
      for (const device of keep) await room.inviteToSuccessor(device, `/room/${closedAddress}`)
      const failed = scene.closeFails === undefined ? [] : [{ device: keep[0]!, reason: scene.closeFails }]
      if (end && failed.length === 0) await room.endRoom()
      return { failed, ended: end && failed.length === 0 }
    },
    useCreateToken: () => undefined,
    keeper: fakeKeeper(scene),
  }
}

function named(snapshot: RoomSnapshot, name: string): RoomSnapshot {
  const self = { ...snapshot.self, name }
  return { ...snapshot, self, people: snapshot.people.map((one) => (one.self ? self : one)) }
}

const stepMs = 350
const askMs = 500

/** Messages go out and come back, a key exchange runs, all by timers. Text `fail` is not sent; `/come` brings somebody. */
export function fakeClient(first: RoomSnapshot): RoomClient {
  let snapshot = first
  let count = 0
  const listeners = new Set<() => void>()
  const set = (change: Partial<RoomSnapshot>): void => {
    snapshot = { ...snapshot, ...change }
    for (const listener of listeners) listener()
  }
  const setMessage = (key: string, change: Partial<MessageView>): void =>
    set({
      timeline: snapshot.timeline.map((item) =>
        item.kind === 'message' && item.key === key ? { ...item, ...change } : item,
      ),
    })
  const setQuantum = (change: Partial<RoomSnapshot['quantum']>): void =>
    set({ quantum: { ...snapshot.quantum, ...change } })
  const setTrust = (change: Partial<RoomSnapshot['trust']>): void => set({ trust: { ...snapshot.trust, ...change } })
  const setEarlier = (change: Partial<RoomSnapshot['earlier']>): void =>
    set({ earlier: { ...snapshot.earlier, ...change } })
  const setStanding = (device: string, standing: PersonView['standing']): void => {
    const people = snapshot.people.map((one) => (one.device === device ? { ...one, standing } : one))
    set({ people, trust: { ...snapshot.trust, blockedBy: [] } })
  }
  const setComparison = (state: ComparisonView['state']): void => {
    const { comparison } = snapshot.trust
    if (comparison) setTrust({ comparison: { ...comparison, state } })
  }
  const noted = (device: string, matched: boolean): void =>
    setStanding(
      device,
      matched
        ? {
            trust: 'verified',
            lookalike: false,
            verification: { atMs: Date.now(), how: 'pictures', keys: '', name: '' },
          }
        : { trust: 'new', lookalike: false },
    )
  const later = (steps: number, run: () => void): void => void setTimeout(run, steps * stepMs)

  function deliver(key: string): void {
    later(1, () => setMessage(key, { state: 'sent' }))
    later(2, () => setMessage(key, { state: 'delivered', deliveredTo: snapshot.people.length - 1 }))
  }

  const agree = (change: Partial<AgreementView>): void => {
    if (snapshot.agreement !== undefined) set({ agreement: { ...snapshot.agreement, ...change } })
  }
  const tell = (event: SystemEvent): void =>
    set({ timeline: [...snapshot.timeline, system(`t${++count}`, event, Date.now())] })
  const setPeople = (people: PersonView[]): void => set({ people })
  const setRole = (device: PersonView['device'], role: PersonView['role']): void =>
    setPeople(snapshot.people.map((one) => (one.device === device ? { ...one, role } : one)))
  const invites = (): readonly InviteView[] => snapshot.agreement?.invites ?? []
  const knocks = (): readonly KnockView[] => snapshot.agreement?.knocks ?? []
  /** What is asked of the room takes a moment; while it is offline, nothing of it comes about. */
  const ask = (happens: () => void): Promise<void> =>
    new Promise((resolve, reject) =>
      setTimeout(() => {
        if (snapshot.connection !== 'connected') return reject(new Error('This did not get through within a minute.'))
        happens()
        resolve()
      }, askMs),
    )

  return {
    get snapshot() {
      return snapshot
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async tell(device, text, { replyTo } = {}) {
      const privately = snapshot.people.find((one) => one.device === device)
      if (!privately) throw new Error('That person is not in the room any more.')
      const key = `private ${++count}`
      const quoted = snapshot.timeline.find((one) => one.key === replyTo)
      const own = message(key, snapshot.self, text, {
        ...{ atMs: Date.now(), state: 'sending', deliveredTo: 0, meantFor: 0, privately },
        ...(quoted?.kind === 'message' ? { reply: { key: quoted.key, message: quoted } } : {}),
      })
      set({ timeline: [...snapshot.timeline, own] })
      deliver(key)
      return key
    },
    async attach(files, { text = '', to } = {}) {
      const privately = snapshot.people.find((one) => one.device === to)
      const key = `me-${++count}`
      const views = files.map(({ name, size }, i) => ({ id: `${key}-${i}`, name, size, kind: 'other' as const }))
      const sent = message(key, snapshot.self, text, {
        ...{ state: 'sending', own: true, files: views },
        ...(privately ? { privately } : {}),
      })
      set({ timeline: [...snapshot.timeline, sent] })
      deliver(key)
    },
    fetchFile: () => Promise.resolve(),
    cancelFile: () => Promise.resolve(),
    async openFile() {
      throw new Error('There are no bytes here.')
    },
    async edit(key, text) {
      setMessage(key, { text, editedMs: Date.now() })
    },
    async deleteMessage(key) {
      setMessage(key, { text: '', deleted: true, reactions: [] })
    },
    async react(key, sign, on) {
      const item = snapshot.timeline.find((one) => one.key === key)
      const before = item?.kind === 'message' ? (item.reactions ?? []) : []
      const known = before.find((one) => one.sign === sign) ?? { sign, people: [], own: false }
      const people = [...known.people.filter((one) => !one.self), ...(on ? [snapshot.self] : [])]
      const rest = before.filter((one) => one.sign !== sign)
      setMessage(key, { reactions: people.length > 0 ? [...rest, { sign, people, own: on }] : rest })
    },
    async see() {
      return undefined
    },
    async keepDraft(draft) {
      const { draft: _before, drafts = [], ...rest } = snapshot.reading
      const others = drafts.filter(({ to, text }) => to !== draft?.to && text !== '')
      set({ reading: { ...rest, ...(draft ? { draft, drafts: [...others, draft] } : {}) } })
    },
    typed: () => undefined,
    async chooseNotify(change) {
      set({ reading: { ...snapshot.reading, notify: { ...snapshot.reading.notify, ...change } } })
    },
    async setPush(endpoint) {
      if (snapshot.push) set({ push: { ...snapshot.push, on: endpoint !== undefined } })
    },
    async tellAware(what, on) {
      set({ reading: { ...snapshot.reading, ...(what === 'typing' ? { tellsTyping: on } : { tellsRead: on }) } })
    },
    showEarlier: () => Promise.resolve(),
    async showFrom(key) {
      return snapshot.timeline.some((one) => one.key === key)
    },
    showLatest: () => Promise.resolve(),
    openSearch: async () => fakeSearch(() => snapshot.timeline),
    async findDay(fromMs, untilMs) {
      const first = snapshot.timeline.find((one) => one.kind === 'message' && one.atMs >= fromMs)
      return first && { key: first.key, atMs: first.atMs, onDay: first.atMs < untilMs }
    },
    async send(text, { replyTo, lifetimeS } = {}) {
      if (text === 'reject') throw new Error('The storage of this browser is full.')
      const flood = /^\/flood (\d+)$/.exec(text)
      if (flood) {
        // As they come from a relay: one by one, each with a snapshot of its own.
        for (let i = 0; i < Number(flood[1]); i++) {
          const word = message(`f${++count}`, ben, `Flood ${i}: words`, { atMs: Date.now() })
          setTimeout(() => set({ timeline: [...snapshot.timeline, word] }), i * 2)
        }
        return ''
      }
      if (text === '/come') {
        set({
          people: [...snapshot.people, ben],
          timeline: [
            ...snapshot.timeline,
            system(`j${++count}`, { type: 'joined', people: [ben], by: snapshot.self }, Date.now()),
          ],
        })
        return ''
      }
      const key = `own ${++count}`
      const meantFor = snapshot.people.length - 1
      const quoted = snapshot.timeline.find((one) => one.key === replyTo)
      const own = message(key, snapshot.self, text, {
        ...{ atMs: Date.now(), state: 'sending', deliveredTo: 0, meantFor },
        ...(lifetimeS === undefined ? {} : { lifetime: { seconds: lifetimeS } }),
        ...(quoted?.kind === 'message' ? { reply: { key: quoted.key, message: quoted } } : {}),
      })
      set({ timeline: [...snapshot.timeline, own] })
      if (text === 'fail')
        later(1, () => setMessage(key, { state: 'not-sent', problem: 'The server is full. Nothing was lost.' }))
      else deliver(key)
      const other = snapshot.people.find((one) => !one.self)
      if (text.endsWith('?') && other !== undefined) {
        later(4, () =>
          set({ timeline: [...snapshot.timeline, message(`echo ${key}`, other, 'Yes.', { atMs: Date.now() })] }),
        )
      }
      return key
    },
    async retry(key) {
      setMessage(key, { state: 'sending' })
      deliver(key)
    },
    async discard(key) {
      set({ timeline: snapshot.timeline.filter((item) => item.key !== key) })
    },
    async switchEavesdropper(on) {
      setQuantum({ eavesdropper: { on, by: snapshot.self } })
      set({
        timeline: [
          ...snapshot.timeline,
          system(`e${++count}`, { type: 'eavesdropper-switched', on, by: snapshot.self }, Date.now()),
        ],
      })
    },
    runKeyExchange() {
      const caught = snapshot.quantum.eavesdropper.on
      const others = snapshot.people.filter((one) => !one.self)
      const ends = others.map((other) => finishedLink(snapshot.self, other))
      setQuantum({
        running: true,
        links: ends.map((link) => ({ ...link, state: 'running', stage: 'error correction', progress: 0.6 })),
      })
      later(3, () => {
        setQuantum({
          running: false,
          outcome: caught ? 'eavesdropper' : 'completed',
          label: caught ? snapshot.quantum.label : 'quantum (simulated)',
          links: ends.map((link) =>
            caught
              ? {
                  ...link,
                  state: 'aborted',
                  qber: 0.2493,
                  qberInterval: [0.2361, 0.2629],
                  reason: 'qber-above-threshold',
                }
              : link,
          ),
          linksInAll: ends.length,
          linksCovered: caught ? 0 : ends.length,
        })
        set({
          roomLog: [
            ...snapshot.roomLog,
            logLine(1_000 + ++count, '[BB84_SESSION_DERIVED] qber=0.0187 claimed=true', Date.now()),
          ],
        })
      })
    },
    makeInvite: async ({ mode, lifetimeMs, uses }) => {
      const made = invite(`new${++count}`, { mode, expiresMs: Date.now() + lifetimeMs })
      await ask(() => agree({ invites: [...invites(), uses === undefined ? made : { ...made, usesLeft: uses }] }))
      return made.path
    },
    goOnWithout: () =>
      ask(() => {
        const { catchUp: _, ...rest } = snapshot
        snapshot = rest
        set({})
      }),
    noteSuccessor: (path) => ask(() => set({ successor: { by: snapshot.self, path, invited: [] } })),
    inviteToSuccessor: (device) =>
      ask(() => {
        const { successor } = snapshot
        const one = snapshot.people.find((who) => who.device === device)
        if (!successor || !one) return
        set({ successor: { ...successor, invited: [...successor.invited, { person: one, state: 'taken' }] } })
      }),
    revokeInvite: (id) => ask(() => agree({ invites: invites().filter((one) => one.id !== id) })),
    letIn: (device) =>
      ask(() => {
        const newcomer = person('Dan', { device, mayPutOut: true })
        agree({ knocks: knocks().filter((one) => one.device !== device) })
        setPeople([...snapshot.people, newcomer])
        tell({ type: 'let-in', people: [newcomer], by: snapshot.self })
      }),
    turnAway: (device) => ask(() => agree({ knocks: knocks().filter((one) => one.device !== device) })),
    putOut: (device) =>
      ask(() => {
        const out = snapshot.people.filter((one) => one.device === device)
        setPeople(snapshot.people.filter((one) => one.device !== device))
        tell({ type: 'removed', people: out, by: snapshot.self })
      }),
    linkDevice: () =>
      ask(() => {
        const expiresMs = Date.now() + 600_000
        set({ deviceLink: { state: 'open', path: `/room/${snapshot.address}#d1.${secret}`, expiresMs } })
        later(10, () => snapshot.deviceLink?.state === 'open' && set({ deviceLink: { state: 'taken', expiresMs } }))
        later(16, () => {
          if (snapshot.deviceLink?.state !== 'taken') return
          set({ deviceLink: { state: 'in', expiresMs }, devices: [...snapshot.devices, ownDevice('7MNP-QRST-VWXY')] })
        })
      }),
    async endDeviceLink() {
      const { deviceLink: _over, ...rest } = snapshot
      snapshot = rest
      set({})
    },
    removeDevice: (device) => ask(() => set({ devices: snapshot.devices.filter((one) => one.device !== device) })),
    changeRoom: (change) =>
      ask(() => {
        const { capacity: before, keepSealed: kept, lifetimeS: lived, ...rest } = snapshot.agreement ?? agreement()
        const {
          capacity = 'capacity' in change ? undefined : before,
          keepSealed: days,
          lifetimeS: lives,
          ...flags
        } = change
        const keepSealed = 'keepSealed' in change ? days : kept
        const lifetimeS = 'lifetimeS' in change ? lives : lived
        const numbers = {
          ...(lifetimeS === undefined ? {} : { lifetimeS }),
          ...(capacity === undefined ? {} : { capacity }),
          ...(keepSealed === undefined ? {} : { keepSealed }),
        }
        set({ agreement: { ...rest, ...flags, ...numbers } })
      }),
    setAdmin: (device, admin) => ask(() => setRole(device, admin ? 'admin' : 'member')),
    handOver: (device) =>
      ask(() => {
        setRole(device, 'owner')
        setRole(snapshot.self.device, 'admin')
        agree({ role: 'admin', may: { admit: true, change: true, lead: false } })
      }),
    askForEarlier: (count) => ask(() => setEarlier({ ask: { count, over: false } })),
    endEarlierAsk: () =>
      ask(() => {
        const { ask: _back, ...rest } = snapshot.earlier
        set({ earlier: rest })
      }),
    offerEarlier: (device, count) =>
      ask(() => {
        const to = snapshot.people.find((one) => one.device === device)!
        setEarlier({ giving: [...snapshot.earlier.giving, { to, state: 'offered', count, taken: 0 }] })
      }),
    answerEarlier: (device, yes) =>
      ask(() => {
        const { asks, offers, giving } = snapshot.earlier
        const asked = asks.find(({ from }) => from.device === device)
        const given = asked && yes ? [{ to: asked.from, state: 'giving' as const, count: asked.have, taken: 0 }] : []
        setEarlier({
          asks: asks.filter(({ from }) => from.device !== device),
          offers: offers.filter(({ from }) => from.device !== device),
          giving: [...giving, ...given],
        })
        if (asked && yes) tell({ type: 'earlier-given', by: snapshot.self, to: asked.from, count: asked.have })
      }),
    stopGivingEarlier: (device) =>
      ask(() => setEarlier({ giving: snapshot.earlier.giving.filter(({ to }) => to.device !== device) })),
    stopTakingEarlier: (block) =>
      ask(() =>
        setEarlier({
          blocks: snapshot.earlier.blocks.map((one) => (one.key === block ? { ...one, state: 'stopped' } : one)),
        }),
      ),
    removeEarlier: (block) =>
      ask(() => setEarlier({ blocks: snapshot.earlier.blocks.filter(({ key }) => key !== block) })),
    cancelWish: async () => undefined, // here everything comes about at once
    endRoom: () =>
      ask(() => {
        tell({ type: 'room-ended', by: snapshot.self })
        set({ phase: { at: 'ended' } })
      }),
    safetyNumber: () => ({
      digits: '10293 84756 56473 82910 22334 45566 77889 90011 12345 67890 13579 24680',
      scan: 'qsec:verify:1:q7VnB3hZkP2mXw9RtLsYdA:u4mJ0sWcXb1qTnE7yLgRv9kZpA3dHfQiO5xVtM8eN2o',
    }),
    async scan(device, shown) {
      if (!/^[\d\s]+$/.test(shown)) return 'not-a-code'
      noted(device, shown.startsWith('10293'))
      return shown.startsWith('10293') ? 'match' : 'mismatch'
    },
    async confirm(device, _how, matched) {
      noted(device, matched)
    },
    async acceptKeys(device) {
      setStanding(device, { trust: 'new', lookalike: false })
    },
    async compare(device) {
      const peer = snapshot.people.find((one) => one.device === device)!
      const { epoch } = snapshot
      setTrust({ comparison: { with: peer, epoch, role: 'asker', state: { at: 'waiting' } } })
      later(2, () => setComparison({ at: 'showing', pictures: sixPictures }))
    },
    async agreeToCompare() {
      setComparison({ at: 'committed' })
      later(1, () => setComparison({ at: 'showing', pictures: sixPictures }))
    },
    async answerComparison(matched) {
      noted(snapshot.trust.comparison!.with.device, matched)
      setComparison({ at: 'answered', matched })
    },
    async endComparison() {
      const { comparison: _over, ...rest } = snapshot.trust
      set({ trust: rest })
    },
    async tellProfile(on) {
      setTrust({ tellsProfile: on })
    },
    epochs: async () => epochs(snapshot),
    exportEpochs: async () => '{}\n',
    serverTables: async () => serverTables,
    serverRows: async () => ({
      columns: ['id', 'room_id', 'event', 'data', 'created_at'],
      rows: [[42, snapshot.address, 'USER_JOIN', `device=${snapshot.self.device}`, Date.now()]],
    }),
    async deleteServerLog() {
      const { rows } = serverTables.tables.find(({ table }) => table === 'room_logs')!
      tell({ type: 'log-deleted', by: snapshot.self, lines: rows })
      return rows
    },
    async leave() {
      set({ phase: { at: 'left' } })
    },
    async close() {
      listeners.clear()
    },
  }
}
