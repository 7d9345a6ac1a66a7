/** Holds what a server serves against a release, answer by answer. */
import { randomBytes } from 'node:crypto'
import {
  type FileList,
  fileListName,
  judgeSignature,
  type ListedFile,
  manifestHash,
  parseFileList,
  parseRelaySetting,
  type ReleaseKey,
  relaySettingName,
  releaseBounds,
  signatureName,
  type Verdict,
} from '@qsec/client/release'
import { CommandFailed } from '../command.ts'
import { oneLine } from '../output.ts'
import { type ReleaseFolder, sha256Of } from '../release/folder.ts'
import { signatureFault } from '../release/keys.ts'
import type { Answer, Asking, Fetcher, Reply } from './fetch.ts'
import { headerFaults, type Place } from './headers.ts'

/** A build that lies here, the key of who signs, or both. */
export interface Reference {
  folder?: ReleaseFolder
  key?: ReleaseKey
}

export interface Difference {
  /** Path at the server. */
  where: string
  /** In words, without text of the server's. */
  what: string
}

export interface Comparison {
  version: string
  /** SHA-256 of the list that the server serves. */
  hash: string
  verdict: Verdict
  relay: string
  /** Answers that were looked at. */
  answers: number
  differences: Difference[]
}

/** Addresses at which the page stands. */
const pageAddresses = ['/', '/index.html', '/room/lobby', '/room/AAAAAAAAAAAAAAAAAAAAAA', '/?x=1']
/** The laboratory, which is a page of the same origin: whoever changes it reaches what the chat keeps. */
const laboratory = { file: 'plain/lab.html', address: '/lab' }
/** Names under which scripts and pages are looked for by habit. */
const habitual = [laboratory.address, '/service-worker.js', '/sw.js', '/worker.js', '/main.js', '/index.js']

/** @throws CommandFailed where the server does not answer, or serves no list */
export async function compare(origin: URL, fetcher: Fetcher, reference: Reference): Promise<Comparison> {
  const differences: Difference[] = []
  let answers = 0
  const differ = (where: string, what: string): void => void differences.push({ where, what })

  async function ask(path: string, asking: Asking): Promise<Answer | undefined> {
    const reply = await fetcher.get(path, asking)
    answers++
    const whole = 'failed' in reply ? undefined : reply
    if (!whole) differ(path, `no whole answer: ${oneLine((reply as { failed: string }).failed).slice(0, 120)}`)
    return whole
  }

  const served = await readServed(origin, fetcher)
  answers += 3
  const expected = reference.folder?.list ?? served.list
  const place: Place = { origin, relay: served.relay }
  if (reference.key) {
    const fault = signatureFault(served.verdict, reference.key)
    if (fault !== undefined) differ(`/${signatureName}`, fault)
  }
  if (reference.folder && !reference.folder.listBytes.equals(served.listBytes)) {
    differ(`/${fileListName}`, 'is not the list of the release')
    const named = new Set(expected.files.map((file) => file.path))
    for (const { path } of served.list.files) if (!named.has(path)) differ(`/${path}`, 'an extra file')
  }

  const addresses = expected.files.flatMap((file) => addressesOf(file).map((path) => ({ path, file })))
  await inTurns(addresses, async ({ path, file }) => {
    const asking = askingFor(path, file)
    const answer = await ask(path, asking)
    if (!answer) return
    for (const what of [...bodyFaults(answer, file), ...headerFaults(path, answer.headers, place)]) differ(path, what)
    if (answer.headers['content-encoding'] === undefined) return
    const plain = await ask(path, { ...asking, compressed: false })
    if (plain) for (const what of bodyFaults(plain, file)) differ(path, `${what}, when asked for without compression`)
  })
  await inTurns(nowhere(expected), async (path) => {
    const answer = await ask(path, { bytesAtMost: releaseBounds.fileBytes, kind: 'script', compressed: true })
    if (!answer) return
    if (answer.status !== 404) differ(path, `answers with ${answer.status} where the release has no file`)
    for (const what of headerFaults('/nothing', answer.headers, place)) differ(path, what)
  })
  differences.sort((a, b) => (a.where < b.where ? -1 : a.where > b.where ? 1 : 0))
  const { list, listBytes, verdict, relay } = served
  return { version: list.version, hash: manifestHash(listBytes), verdict, relay, answers, differences }
}

interface Served {
  listBytes: Buffer
  list: FileList
  verdict: Verdict
  relay: string
}

async function readServed(origin: URL, fetcher: Fetcher): Promise<Served> {
  const get = (name: string, bytesAtMost: number): Promise<Reply> =>
    fetcher.get(`/${name}`, { bytesAtMost, kind: 'data', compressed: true })
  const listReply = await get(fileListName, releaseBounds.listBytes)
  if ('failed' in listReply) throw new CommandFailed(`${origin.origin} does not answer: ${oneLine(listReply.failed)}.`)
  const { location } = listReply.headers
  if (listReply.status >= 300 && listReply.status < 400 && location !== undefined) {
    const to = URL.canParse(location, origin.href) ? new URL(location, origin).origin : 'somewhere'
    throw new CommandFailed(
      `${origin.origin} sends everybody to ${to}, and redirects are not followed: verify that one.`,
    )
  }
  const list = listReply.status === 200 ? parseFileList(listReply.body) : undefined
  if (!list)
    throw new CommandFailed(`${origin.origin} serves no list of files (${fileListName}): it is no client of QSEC.`)
  const signature = await get(signatureName, releaseBounds.signatureBytes)
  const signatureBytes = 'failed' in signature || signature.status !== 200 ? undefined : signature.body
  const setting = await get(relaySettingName, 1_024)
  const text = 'failed' in setting || setting.status !== 200 ? '' : setting.body.toString('utf8')
  const relay = parseRelaySetting(text, origin.origin)
  if (relay === undefined) throw new CommandFailed(`${origin.origin} does not say its relay (${relaySettingName}).`)
  return { listBytes: listReply.body, list, verdict: await judgeSignature(listReply.body, signatureBytes), relay }
}

function addressesOf({ path }: ListedFile): readonly string[] {
  if (path === 'index.html') return pageAddresses
  return path === laboratory.file ? [`/${path}`, laboratory.address] : [`/${path}`]
}

function askingFor(path: string, { bytes }: ListedFile): Asking {
  const kind = [...pageAddresses, laboratory.address].includes(path) ? 'page' : /\.js$/.test(path) ? 'script' : 'data'
  // Room for what a compression of small files adds.
  return { bytesAtMost: bytes + 1_024, kind, compressed: true }
}

const types: readonly [ending: RegExp, type: RegExp][] = [
  [/\.html$/, /^text\/html\b/],
  [/\.js$/, /^(?:text|application)\/javascript\b/],
  [/\.css$/, /^text\/css\b/],
]

function bodyFaults({ status, headers, body }: Answer, file: ListedFile): string[] {
  if (status !== 200) return [`answers with ${status}`]
  const hash = sha256Of(body)
  if (hash !== file.sha256) return [`other bytes: SHA-256 ${hash}, in the release ${file.sha256}`]
  const wanted = types.find(([ending]) => ending.test(file.path))?.[1]
  return wanted && !wanted.test(headers['content-type'] ?? '') ? ['its content-type is not that of its kind'] : []
}

/** Addresses at which there is nothing. The last two nobody can know beforehand. */
function nowhere({ files }: FileList): string[] {
  const chance = randomBytes(9).toString('hex')
  const listed = new Set(files.flatMap(addressesOf))
  return [...habitual.filter((path) => !listed.has(path)), `/${chance}`, `/assets/index-${chance}.js`]
}

/** Four at a time, as the agent has connections. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: 4 }, worker))
}
