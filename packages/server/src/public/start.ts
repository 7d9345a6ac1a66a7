/** A relay for the world: behind a proxy that ends TLS, or with certificate files of its own. */
import type { Access } from '../access.ts'
import { openLog } from '../log.ts'
import { type RelayOptions, type RunningRelay, startRelay } from '../server.ts'
import { ConfigError } from '../settings/read.ts'
import { loadCertificate, watchCertificate } from './certificate-files.ts'
import { type Check, checkPublic } from './checks.ts'
import { openToHttps } from './to-https.ts'

export interface PublicRelay {
  relay: RunningRelay
  words: string
  /** What is right and what is missing, as lines; looking takes seconds. */
  checks(): Promise<string>
  close(): Promise<void>
}

export async function startPublic(
  { httpPort, ...options }: RelayOptions & { httpPort?: number | undefined },
  { domain, files }: Extract<Access, { from: 'public' }>,
): Promise<PublicRelay> {
  const origin = `https://${domain}`
  const now = options.now ?? Date.now
  const report = options.report ?? openLog('warn')
  const load = files && (() => loadCertificate(files, domain, now()))
  const loaded = load?.()
  if (loaded?.ok === false) throw new ConfigError(`--cert and --key: ${loaded.fault}.`)
  const relay = await startRelay({
    ...options,
    tls: 'public',
    addresses: () => [origin],
    ...(loaded ? { certificate: loaded.identity } : {}),
  })
  const watch =
    load &&
    loaded &&
    watchCertificate(load, loaded.identity, {
      changed(identity) {
        relay.useCertificate(identity)
        report({ level: 'info', event: 'new-certificate' })
      },
      bad: (fault) => report({ level: 'error', event: 'bad-certificate', fault }),
    })
  const host = options.host ?? '127.0.0.1'
  const toHttps =
    httpPort === undefined
      ? undefined
      : await openToHttps({ port: httpPort, host, origin }).catch(async (error: unknown) => {
          watch?.close()
          await relay.close()
          throw error
        })
  const behind = loaded ? undefined : `http://127.0.0.1:${relay.port}`
  return {
    relay,
    words: `QSEC is serving on ${relay.url}\nfor the world: ${origin}`,
    checks: async () => (await checkPublic({ domain, behind })).map(lineOf).join('\n'),
    async close() {
      watch?.close()
      await Promise.all([toHttps?.close(), relay.close()])
    },
  }
}

function lineOf({ result, words }: Check): string {
  return `${result.padEnd(8)} ${words}`
}
