/** A gate to rooms that do not exist: every state of the screens, and a room that answers, without a server. */
import type { Gate, MessageView, RoomClient, RoomSnapshot } from '../src/client-gate.ts'
import { fakeKeeper } from './fake-keeper.ts'
import { ben, finishedLink, logLine, message, system } from './fixtures.ts'
import { type Scene, type SceneName, scenes } from './scenes.ts'

export function fakeGate(name: SceneName): Gate {
  const scene: Scene = scenes[name]
  return {
    createRoom: async (options) => fakeClient(named(scenes.empty.snapshot(Date.now()), options.name)),
    look: async () => scene.look ?? { known: true },
    enter: async () => {
      if (scene.enterFails !== undefined) throw new Error(scene.enterFails)
      return fakeClient(scene.snapshot(Date.now()))
    },
    keeper: fakeKeeper(scene),
  }
}

function named(snapshot: RoomSnapshot, name: string): RoomSnapshot {
  const self = { ...snapshot.self, name }
  return { ...snapshot, self, people: snapshot.people.map((one) => (one.self ? self : one)) }
}

const stepMs = 350

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
  const later = (steps: number, run: () => void): void => void setTimeout(run, steps * stepMs)

  function deliver(key: string): void {
    later(1, () => setMessage(key, { state: 'sent' }))
    later(2, () => setMessage(key, { state: 'delivered', deliveredTo: snapshot.people.length - 1 }))
  }

  return {
    get snapshot() {
      return snapshot
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async send(text) {
      if (text === 'reject') throw new Error('The storage of this browser is full.')
      if (text === '/come') {
        set({
          people: [...snapshot.people, ben],
          timeline: [
            ...snapshot.timeline,
            system(`j${++count}`, { type: 'joined', people: [ben], by: snapshot.self }, Date.now()),
          ],
        })
        return
      }
      const key = `own ${++count}`
      const meantFor = snapshot.people.length - 1
      const own = message(key, snapshot.self, text, { atMs: Date.now(), state: 'sending', deliveredTo: 0, meantFor })
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
    async leave() {
      set({ phase: { at: 'left' } })
    },
    async close() {
      listeners.clear()
    },
  }
}
