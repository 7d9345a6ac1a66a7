/** Compares what is kept with what the server has, and takes another version only when a person has said so. */
import type { Kept } from '../kept/kept.ts'
import { askServer, downloadFiles } from './download.ts'
import { dropAll, readKept, storeVersion, writeKept } from './shelf.ts'

const lookAgainAfterMs = 600_000

let stopped = false

/** From now on nothing is kept, also by what is under way; resolves once all of it is gone. */
export function stopKeeping(): Promise<Kept> {
  stopped = true
  return inTurn(async () => {
    await dropAll()
    return {}
  })
}

let last: Promise<unknown> = Promise.resolve()

/** One change of what is kept after another. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work)
  last = mine.catch(() => undefined) // told to whoever asked
  return mine
}

/** The first version that is found is taken as it is; every later one is offered. */
export function look(now: boolean, tell: (kept: Kept) => Promise<void>): Promise<Kept> {
  return inTurn(async () => {
    const kept = await readKept()
    if (stopped) return kept
    if (!now && kept.lookedAtMs !== undefined && Date.now() - kept.lookedAtMs < lookAgainAfterMs) return kept
    const found = await lookAt(kept)
    // Nobody reached: the next one who asks tries again.
    const next = found.fault?.type === 'unreachable' ? found : { ...found, lookedAtMs: Date.now() }
    if (stopped) return kept
    await writeKept(next)
    await tell(next)
    return next
  })
}

async function lookAt({ fault: _, ...kept }: Kept): Promise<Kept> {
  const asked = await askServer()
  if (!asked.ok) return { ...kept, fault: asked.fault }
  const { version, list, beside } = asked.value
  const { offered, ...withoutOffer } = kept
  if (version.id === kept.current?.id) return withoutOffer
  if (version.id === offered?.id) return kept
  const files = await downloadFiles(list, () => stopped)
  if (!files.ok) return { ...withoutOffer, fault: files.fault }
  if (stopped) return kept
  await storeVersion(version.id, [...beside, ...files.value])
  if (kept.current) return { ...kept, offered: version }
  return { current: version, ...(version.signature.signed && { pinned: version.signature.fingerprint }) }
}

/** What is offered takes the place of what is kept. Asked for another one than is offered, nothing changes. */
export function take(id: string, tell: (kept: Kept) => Promise<void>): Promise<Kept> {
  return inTurn(async () => {
    const kept = await readKept()
    const { current, offered, ...rest } = kept
    if (stopped || !current || offered?.id !== id) return kept
    const { signature } = offered
    const next = {
      ...rest,
      current: offered,
      before: current,
      ...(signature.signed && { pinned: signature.fingerprint }),
    }
    await writeKept(next)
    await tell(next)
    return next
  })
}
