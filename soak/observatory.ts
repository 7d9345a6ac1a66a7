/**
 * What MDN's HTTP Observatory says of our TLS port, served with the built page: A+ behind a public certificate, and behind a
 * private one all but what HSTS earns, which there would lock people out.
 *   npm run soak -- observatory
 * Needs `openssl`, and a registry for the first time (tools/observatory). The list of preloaded domains stays empty: to stand
 * in it is what only a public domain can earn.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createServer } from 'node:tls'
import { startRelay } from '@qsec/server'
import { provideTool } from '../scripts/tools.ts'

interface Report {
  scan: { grade: string; score: number; testsPassed: number; testsQuantity: number }
  tests: Record<string, { pass: boolean; result: string; scoreModifier: number }>
}

const scanner = path.join(provideTool('observatory'), 'node_modules/@mdn/mdn-http-observatory')
const preloaded = path.join(scanner, 'conf/hsts-preload.json')
if (!existsSync(preloaded)) {
  mkdirSync(path.dirname(preloaded), { recursive: true })
  writeFileSync(preloaded, '{}')
}

const folder = mkdtempSync(path.join(tmpdir(), 'qsec-observatory-'))
try {
  const { cert, key, file } = certificate()
  const wanted = { public: /^A\+$/, private: /^[AB]/ }
  for (const tls of ['public', 'private'] as const) {
    const report = await scan(tls, { cert, key }, file)
    const { grade, score, testsPassed, testsQuantity } = report.scan
    console.log(`${tls} certificate: ${grade}, ${score} points, ${testsPassed} of ${testsQuantity} tests`)
    for (const [name, { result, scoreModifier, pass }] of Object.entries(report.tests)) {
      console.log(`  ${pass ? 'ok' : 'NO'} ${name}: ${result} (${scoreModifier})`)
    }
    if (!wanted[tls].test(grade)) process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function certificate(): { cert: string; key: string; file: string } {
  const [file, keyFile] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2', '-nodes']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
  const { status, stderr } = spawnSync('openssl', [
    'req',
    '-x509',
    ...curve,
    ...subject,
    '-keyout',
    keyFile,
    '-out',
    file,
  ])
  if (status !== 0) throw new Error(`soak: openssl: ${stderr?.toString().slice(-300) ?? 'is not here'}`)
  return { cert: readFileSync(file, 'utf8'), key: readFileSync(keyFile, 'utf8'), file }
}

async function scan(tls: 'public' | 'private', pair: { cert: string; key: string }, trusted: string): Promise<Report> {
  const relay = await startRelay({ databasePath: ':memory:', tls })
  if (!relay.servesPages) throw new Error('soak: the web client is not built: npm start builds it')
  const front = createServer(pair, (near) => {
    const far = connect(relay.port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => to.destroy())
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  const address = front.address()
  if (address === null || typeof address === 'string') throw new Error('soak: no port')
  try {
    return await ask(`localhost:${address.port}`, trusted)
  } finally {
    front.close()
    await relay.close()
  }
}

/** In a process of its own, which trusts the certificate from its start. */
function ask(host: string, trusted: string): Promise<Report> {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted }
  const child = spawn(process.execPath, [path.join(scanner, 'src/scan.js'), host], { env, cwd: folder })
  let said = ''
  let complaint = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => {
      const start = said.indexOf('{')
      const report = start < 0 ? undefined : (JSON.parse(said.slice(start)) as Partial<Report> & { error?: string })
      if (report?.scan && report.tests) resolve(report as Report)
      else reject(new Error(`soak: the scanner says: ${report?.error ?? (complaint.slice(-500) || said.slice(-500))}`))
    })
  })
}
