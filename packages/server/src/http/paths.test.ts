/** Paths as they stand on the wire: nothing beside the pages is reached by any spelling. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it, vi } from 'vitest'
import { relay, temporaryFolder } from '../../test/harness.ts'
import { headersIn, talk } from '../../test/raw-http.ts'

// A busy machine takes longer than the usual five seconds, and that is no fault.
vi.setConfig({ testTimeout: 40_000 })

const marker = 'nobody may read this'

it('[HX25] no spelling of a path leaves the folder, and dot files, source maps and the database are not there', async () => {
  const folder = temporaryFolder()
  const webRoot = path.join(folder, 'dist')
  mkdirSync(path.join(webRoot, 'assets'), { recursive: true })
  mkdirSync(path.join(webRoot, '.git'))
  mkdirSync(path.join(folder, 'dist-beside'))
  writeFileSync(path.join(webRoot, 'index.html'), '<!doctype html><title>QSEC</title>')
  writeFileSync(path.join(webRoot, 'assets', 'a-1.js'), 'export {}')
  for (const hidden of ['secret.txt', 'dist/.env', 'dist/.git/config', 'dist/assets/a-1.js.map', 'dist-beside/x.js']) {
    writeFileSync(path.join(folder, hidden), marker)
  }
  const { relay: running, databasePath } = await relay({ webRoot, databasePath: path.join(folder, 'qsec2.db') })
  const ups = ['..', '%2e%2e', '%2E.', '.%2e', '%252e%252e', '..%00', '..;', '%c0%ae%c0%ae', '%u002e%u002e', '....']
  const slashes = ['/', '%2f', '%5c', '\\', '//', '%252f', '%c0%af', '/./']
  const spellings = ups.flatMap((up) =>
    slashes.flatMap((slash) => [
      `/${up}${slash}secret.txt`,
      `/assets${slash}${up}${slash}${up}${slash}secret.txt`,
      `/${up}${slash}dist-beside${slash}x.js`,
      `/${up}${slash}qsec2.db`,
    ]),
  )
  const plain = [
    '/.env',
    '/%2eenv',
    '/.git/config',
    '/assets/../.env',
    '/assets/a-1.js.map',
    '/assets/a-1.js%2emap',
    '/assets/a-1.js/',
    '/assets/a-1.js%00.png',
    '/assets/',
    '/assets/gone.js',
    '/assets/index.html',
    '/index.htm',
    '/qsec2.db',
    '/qsec2.db-wal',
    '/qsec2.db.life',
    '/data/qsec2.db',
    `${databasePath}`,
    `/${databasePath}`,
    '/secret.txt',
    '/package.json',
    '/robots.txt',
    '/~root',
    '/C:/windows/win.ini',
    '/file:///etc/passwd',
    '/proc/self/environ',
  ]
  for (const spelling of [...plain, ...spellings]) {
    const heard = await talk(running.port, `GET ${spelling} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    const { status } = headersIn(heard)
    expect([spelling, status === 404 || status === 400]).toEqual([spelling, true])
    expect([spelling, heard.includes(marker), heard.includes('<title>'), heard.includes('SQLite')]).toEqual([
      spelling,
      false,
      false,
      false,
    ])
  }
  const there = await talk(running.port, 'GET /assets/a-1.js HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  expect(headersIn(there).status).toBe(200)
})

it('[HX26] no cookie is set, and neither a cookie nor a POST from elsewhere does anything', async () => {
  const { relay: running } = await relay()
  const polling = `${running.url}/socket.io/?EIO=4&transport=polling`
  const opened = await fetch(polling, { headers: { Cookie: 'io=abc; session=admin' } })
  expect(opened.headers.get('set-cookie')).toBeNull()
  const { sid } = JSON.parse((await opened.text()).slice(1)) as { sid: string }
  const post = (headers: string) =>
    talk(
      running.port,
      `POST /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: localhost:${running.port}\r\n${headers}` +
        `Content-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\n40`,
    )
  for (const foreign of [
    'Origin: https://evil.example\r\n',
    'Origin: null\r\n',
    'Sec-Fetch-Site: cross-site\r\n',
    'Sec-Fetch-Site: same-site\r\n',
  ]) {
    expect([foreign, headersIn(await post(foreign)).status]).toEqual([foreign, 403])
  }
  const own = `Origin: http://localhost:${running.port}\r\nSec-Fetch-Site: same-origin\r\n`
  expect(headersIn(await post(own)).status).toBe(200)
})

it('[HX27] nothing of metrics or of an operator is reached through the port of the pages, and a fault tells nothing', async () => {
  const { relay: running } = await relay()
  for (const where of [
    '/metrics',
    '/admin',
    '/admin/rooms',
    '/debug',
    '/stats',
    '/socket.io/admin',
    '/.well-known/x',
  ]) {
    const { status } = await fetch(running.url + where)
    expect([where, status === 404 || status === 400]).toEqual([where, true])
  }
  const { relay: broken, reports } = await relay({ webRoot: '/dev/null/none' })
  const heard = await talk(broken.port, 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  expect(heard).not.toMatch(/\/dev\/null|node_modules|\.ts:|at /)
  expect(reports).toEqual([])
})
