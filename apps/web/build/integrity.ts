/**
 * Integrity in the built page: every script and stylesheet that the HTML names carries its hash, and a table in it has
 * those of the parts that are loaded later. A browser runs none of them with other bytes. Scripts of workers are left out:
 * browsers have no integrity for them.
 */
import { createHash } from 'node:crypto'

/** Name of the `<meta>` that holds the table: an address and its hash by turns, parted by white space. */
export const tableName = 'qsec-integrity'

export function integrityOf(bytes: Uint8Array): string {
  return `sha384-${createHash('sha384').update(bytes).digest('base64')}`
}

/** The service worker, at an address that stays. */
export const serviceWorkerFile = 'sw.js'

/** Scripts that the page loads by `import`, and stylesheets. */
export function isPart(file: string): boolean {
  return /\.(?:js|css)$/.test(file) && !/\.worker-[\w-]+\.js$/.test(file) && file !== serviceWorkerFile
}

/**
 * The HTML with a hash at each script, stylesheet and preload, and the table of the other parts. Preloads go before the
 * script that imports them: what it asks for first would come without a hash.
 *
 * @param hashes - by address, as the HTML names them
 * @throws if the HTML names a script or stylesheet whose hash is not there, or holds one of its own
 */
export function withIntegrity(html: string, hashes: ReadonlyMap<string, string>): string {
  const later = new Map(hashes)
  const sealed = html.replaceAll(/<(?:script|link)\b[^>]*>/g, (tag) => {
    const address = addressIn(tag) ?? ''
    const hash = hashes.get(address)
    if (!hash || !needsIntegrity(tag)) return tag
    later.delete(address)
    return tag.replace(/\s*\/?>$/, ` integrity="${hash}">`)
  })
  const scripts = sealed.match(/ *<script\b[^>]*><\/script>\n?/g) ?? []
  const head = scripts.reduce((text, script) => text.replace(script, ''), sealed)
  const whole = head.replace(/ *<\/head>/, `${tableOf(later)}${scripts.join('')}  </head>`)
  const open = withoutIntegrity(whole)
  if (open.length > 0) throw new Error(`The page names what has no integrity: ${open.join(' ')}`)
  return whole
}

/** A line for each part, so that two builds can be compared by eye. */
function tableOf(hashes: ReadonlyMap<string, string>): string {
  const lines = [...hashes].map(([address, hash]) => `      ${address} ${hash}\n`)
  return `    <meta name="${tableName}" content="\n${lines.join('')}    ">\n`
}

/** Tags that load code or style and say no hash of it. */
export function withoutIntegrity(html: string): string[] {
  const tags = html.match(/<(?:script|link|style)\b[^>]*>/gi) ?? []
  return tags.filter((tag) => needsIntegrity(tag) && !/\sintegrity="sha384-[A-Za-z0-9+/]{64}"/.test(tag))
}

function needsIntegrity(tag: string): boolean {
  return !/^<link\b/i.test(tag) || /\srel="?(?:stylesheet|modulepreload|preload)\b/i.test(tag)
}

function addressIn(tag: string): string | undefined {
  return /\s(?:src|href)="([^"]*)"/.exec(tag)?.[1]
}

/**
 * Vite's helper of dynamic imports adds a preload for each file first. With the hash at the preload, what is imported is
 * what was checked.
 *
 * @throws if the helper is not the one that we know: look at what the new Vite does
 */
export function withHashesInHelper(code: string): string {
  const known = 'link.href = dep.href;'
  const parts = code.split(known)
  if (parts.length !== 2) throw new Error('Vite’s helper of dynamic imports has changed: integrity.ts must follow it')
  const table = `document.querySelector('meta[name=${tableName}]').content.split(/\\s+/)`
  // What the table does not know gets a hash that no file has.
  const lookUp = `const hashes = ${table}, at = hashes.indexOf(dep.pathname);
    link.integrity = at < 0 ? 'sha384-${'A'.repeat(64)}' : hashes[at + 1];`
  return `${parts[0]}${lookUp}\n${known}${parts[1]}`
}
