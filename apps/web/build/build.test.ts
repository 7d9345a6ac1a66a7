import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileListName, judgeSignature, parseFileList, relaySettingName, signatureName } from '@qsec/client/release'
import { build } from 'vite'
import { expect, it, onTestFinished } from 'vitest'
import { integrityOf, withHashesInHelper, withIntegrity, withoutIntegrity } from './integrity.ts'
import { noticesOf, packageFolder } from './notices.ts'
import { fileList, type ListedFile, listFiles, seal, sealFolder, unlisted } from './seal.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

/** A small page: its folder after the build. */
async function builtPage(head: string): Promise<string> {
  const root = mkdtempSync(path.join(tmpdir(), 'qsec-build-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(path.join(root, 'public'))
  writeFileSync(path.join(root, 'public/loose.js'), 'loose()')
  writeFileSync(path.join(root, 'index.html'), `<!doctype html><html><head>${head}</head><body></body></html>`)
  writeFileSync(path.join(root, 'main.js'), "import './main.css'\nimport('./later.js').then(({ b }) => console.log(b))")
  writeFileSync(path.join(root, 'later.js'), 'export const b = 1')
  writeFileSync(path.join(root, 'main.css'), 'b{color:red}')
  const modulePreload = { polyfill: false, resolveDependencies: (file: string) => [file] }
  await build({
    configFile: false,
    logLevel: 'silent',
    root,
    plugins: [seal('1.2.3')],
    build: { assetsInlineLimit: 0, modulePreload },
  })
  return path.join(root, 'dist')
}

const ownScript = '<script type="module" src="/main.js"></script>'

it('[PG4] every script and stylesheet of the built page has its hash, and the parts loaded later stand in a table', async () => {
  const folder = await builtPage(ownScript)
  const html = readFileSync(path.join(folder, 'index.html'), 'utf8')
  const { files } = JSON.parse(readFileSync(path.join(folder, fileList), 'utf8')) as { files: ListedFile[] }
  const parts = files.map((file) => file.path).filter((file) => /\.(js|css)$/.test(file))
  expect(parts).toHaveLength(4) // the script, its style, the part loaded later and the loose file
  const unnamed = parts.filter((file) => {
    const hash = integrityOf(readFileSync(path.join(folder, file)))
    return !html.includes(`"/${file}" integrity="${hash}"`) && !html.includes(`/${file} ${hash}\n`)
  })
  expect(unnamed).toEqual([])
  expect(withoutIntegrity(html)).toEqual([])
  // Preloads come before the script that imports what they name.
  const [script, preload] = [ownScript, '<link rel="modulepreload" href="/b.js">']
  const hashes = new Map(['/main.js', '/b.js'].map((address) => [address, integrityOf(bytes(address))]))
  const sealed = withIntegrity(`<head>${script}${preload}</head>`, hashes)
  expect(sealed.indexOf('modulepreload')).toBeLessThan(sealed.indexOf('<script'))
})

it('[PG5] the build fails when the page names what has no hash, or holds code of its own', async () => {
  for (const wrong of [
    '<script src="https://cdn.example/x.js"></script>',
    '<link rel="stylesheet" href="https://cdn.example/x.css">',
    '<script>inline()</script>',
    '<style>b{color:red}</style>',
  ]) {
    await expect(builtPage(ownScript + wrong), wrong).rejects.toThrow(/names what has no integrity/)
  }
  // A page of plain HTTP knows its own parts alone, and is held to the same.
  const folder = await builtPage(ownScript)
  mkdirSync(path.join(folder, 'plain'))
  writeFileSync(path.join(folder, 'plain/lab-1.js'), 'lab()')
  const lab = path.join(folder, 'plain/lab.html')
  writeFileSync(lab, '<html><head><script src="/plain/lab-1.js"></script></head></html>')
  sealFolder(folder, '1.2.3')
  expect(readFileSync(lab, 'utf8')).toContain(`src="/plain/lab-1.js" integrity="${integrityOf(bytes('lab()'))}"`)
  expect(readFileSync(path.join(folder, 'index.html'), 'utf8')).not.toContain('/plain/')
  expect(listFiles(folder).map((file) => file.path)).toContain('plain/lab.html')
  writeFileSync(lab, '<html><head><script src="/loose.js"></script></head></html>')
  expect(() => sealFolder(folder, '1.2.3')).toThrow(/names what has no integrity/)
  const page = (tag: string) => `<html><head>${tag}</head></html>`
  const known = new Map([['/a.js', integrityOf(bytes('a'))]])
  expect(withIntegrity(page('<script src="/a.js"></script>'), known)).toContain(known.get('/a.js'))
  for (const tag of [
    '<script src="/b.js"></script>',
    '<script src=/a.js></script>',
    '<SCRIPT SRC="/b.js"></SCRIPT>',
    '<script src="/b.js" integrity="sha384-short"></script>',
    '<link rel="modulepreload" href="/b.js">',
    '<link href="/b.css" rel=stylesheet>',
  ]) {
    expect(() => withIntegrity(page(tag), known), tag).toThrow(/no integrity/)
  }
  expect(withIntegrity(page('<link rel="icon" href="/b.svg">'), known)).toContain('icon')
})

it('[PG6] a helper of dynamic imports that is not the known one ends the build', () => {
  expect(withHashesInHelper('x; link.href = dep.href; y')).toMatch(/link\.integrity = .*\nlink\.href = dep\.href; y$/s)
  for (const other of ['', 'link.href = url', 'link.href = dep.href; link.href = dep.href;']) {
    expect(() => withHashesInHelper(other)).toThrow(/has changed/)
  }
})

it('[PG7] the list of files names every file of the build but itself, with its size and hash', async () => {
  const folder = await builtPage(ownScript)
  const { files } = JSON.parse(readFileSync(path.join(folder, fileList), 'utf8')) as { files: ListedFile[] }
  expect(files).toEqual(listFiles(folder))
  expect(files.map((file) => file.path)).toContain('index.html')
  expect(files.map((file) => file.path)).toEqual(files.map((file) => file.path).sort())
  for (const name of unlisted) expect(files.map((file) => file.path)).not.toContain(name)
  // The product reads what the build has written, and nobody has signed it yet.
  const list = readFileSync(path.join(folder, fileList))
  expect(parseFileList(list)).toEqual({ version: '1.2.3', files })
  expect(await judgeSignature(list, readFileSync(path.join(folder, signatureName)))).toEqual({
    signed: false,
    reason: 'none',
  })
  expect([...unlisted].sort()).toEqual([fileListName, signatureName, relaySettingName].sort())
  writeFileSync(path.join(folder, 'index.html'), 'changed')
  expect(files).not.toEqual(listFiles(folder))
})

it('[RE6] the licences name every package whose code is shipped, in workers too, and one without a licence ends the build', () => {
  const at = (name: string) => path.resolve(import.meta.dirname, '../../../node_modules', name)
  expect(packageFolder(`${at('@noble/hashes')}/sha2.js?x`)).toBe(at('@noble/hashes'))
  expect(packageFolder(path.resolve(import.meta.dirname, 'seal.ts'))).toBeUndefined()
  const text = noticesOf([at('preact'), at('@noble/hashes')])
  const titles = [...text.matchAll(/^=+\n(.+) \d+\.\d+\.\d+ \((.+)\)\n=+$/gm)].map(([, name, id]) => [name, id])
  expect(titles).toEqual([
    ['@noble/hashes', 'MIT'],
    ['preact', 'MIT'],
  ])
  expect(text).toContain('Copyright (c) 2015-present Jason Miller')
  expect(text).toContain('UNICODE LICENSE V3')

  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-build-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(path.join(folder, 'package.json'), '{"name":"nobody","version":"1.0.0"}')
  expect(() => noticesOf([folder])).toThrow('nobody 1.0.0 does not say its licence')
})
