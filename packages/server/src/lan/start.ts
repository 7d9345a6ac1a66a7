/** A relay for the local network: TLS under an authority of its own, and beside it the door on plain HTTP. */
import path from 'node:path'
import { plainFolderOf } from '../http/plain-pages.ts'
import { openLog } from '../log.ts'
import { describeFault } from '../report.ts'
import { type RelayOptions, type RunningRelay, startRelay } from '../server.ts'
import { guideOf, narrowed, originFor, originsOf } from './addresses.ts'
import { openDoor } from './door.ts'
import { openKeyring } from './keyring.ts'
import { everyAddress, type LanNames, lanNames } from './names.ts'
import { lanWords } from './words.ts'

export interface LanOptions extends RelayOptions {
  /** Where the door listens. */
  httpPort: number
  /** For tests: what this machine is called now. */
  names?: () => Promise<LanNames>
}

export interface LanRelay {
  relay: RunningRelay
  /** What whoever started it has to know. */
  words: string
  /** Looks at names and certificate now; it does so by itself every quarter of a minute. */
  follow(): Promise<void>
  close(): Promise<void>
}

const lookAgainMs = 15_000

export async function startOnLan({ httpPort, names = lanNames, ...options }: LanOptions): Promise<LanRelay> {
  const host = options.host ?? everyAddress()
  const report = options.report ?? openLog('warn')
  const reached = async (): Promise<LanNames> => narrowed(await names(), host)
  let known = await reached()
  const folder = path.join(path.dirname(options.databasePath), 'lan')
  const machine = known.dns[1] ?? 'this-machine'
  const keyring = await openKeyring({ folder, host: machine, ...(options.now ? { now: options.now } : {}) })
  let certificate = await keyring.certificateFor(known)
  let guide: string | undefined

  const relay: RunningRelay = await startRelay({
    ...options,
    host,
    certificate,
    tls: 'private',
    addresses: () => originsOf(known, relay.port),
    guide: () => guide,
  })
  const { authority, authorityPem } = keyring
  const door = await openDoor({
    port: httpPort,
    host,
    authority,
    authorityPem,
    name: authority.subject.replace('CN=', ''),
    originFor: (hostname) => originFor(known, hostname, relay.port),
    plainRoot: options.plainRoot ?? plainFolderOf(options.webRoot),
  }).catch(async (error: unknown) => {
    await relay.close()
    throw error
  })
  guide = guideOf(known, door.port)
  const watch = setInterval(() => {
    follow().catch((error: unknown) => report({ level: 'error', event: 'no-new-certificate', ...describeFault(error) }))
  }, lookAgainMs)
  watch.unref()

  /** Addresses come and go with networks; a certificate ends. */
  async function follow(): Promise<void> {
    known = await reached()
    guide = guideOf(known, door.port)
    const next = await keyring.certificateFor(known)
    if (next === certificate) return
    relay.useCertificate(next)
    certificate = next
    report({ level: 'info', event: 'new-certificate' })
  }

  return {
    relay,
    words: lanWords({
      origins: originsOf(known, relay.port),
      guide,
      fingerprint: authority.fingerprint256,
      hasScreen: process.stdout.isTTY === true,
    }),
    follow,
    async close() {
      clearInterval(watch)
      await Promise.all([door.close(), relay.close()])
    },
  }
}
