/** The licences of what is shipped: a text file of the build with every package whose code is in any of its scripts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'vite'

export const noticesFile = 'third-party-notices.txt'

interface Description {
  name: string
  version: string
  license: string
}

/** Two plugins over one list of packages: for the page, and for the workers, which are built by themselves before it. */
export function notices(): { page: Plugin; worker: Plugin } {
  const folders = new Set<string>()
  const note = (ids: Iterable<string>): void => {
    for (const id of ids) {
      const folder = packageFolder(id)
      if (folder !== undefined) folders.add(folder)
    }
  }
  return {
    worker: {
      name: 'qsec:notices-of-worker',
      generateBundle(_, bundle) {
        for (const file of Object.values(bundle)) if (file.type === 'chunk') note(file.moduleIds)
      },
    },
    page: {
      name: 'qsec:notices',
      apply: 'build',
      generateBundle(_, bundle) {
        for (const file of Object.values(bundle)) if (file.type === 'chunk') note(file.moduleIds)
        this.emitFile({ type: 'asset', fileName: noticesFile, source: noticesOf([...folders]) })
      },
    },
  }
}

/** The folder of the npm package that a module belongs to; undefined for our own. */
export function packageFolder(id: string): string | undefined {
  const match = /^(?:\0)?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/?]+)/.exec(id)
  return match?.[1] !== undefined && existsSync(path.join(match[1], 'package.json')) ? match[1] : undefined
}

/** @throws for a package that does not say its licence: what may not be shipped must not be */
export function noticesOf(folders: readonly string[]): string {
  const parts = folders.map((folder) => ({ ...describe(folder), text: licenseText(folder) }))
  parts.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1))
  const sections = parts.map(({ name, version, license, text }) => section(`${name} ${version} (${license})`, text))
  // Data in a source of ours (packages/client/src/trust/confusables.ts), which no package brings.
  const unicode = readFileSync(path.join(import.meta.dirname, 'unicode-license.txt'), 'utf8').trim()
  sections.push(section('Unicode confusables.txt (Unicode-3.0)', unicode))
  return `The scripts of this page hold code of these packages, each under its own licence.\n\n${sections.join('\n')}`
}

function section(title: string, text: string): string {
  const rule = '='.repeat(title.length)
  return `${rule}\n${title}\n${rule}\n\n${text}\n`
}

function describe(folder: string): Description {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Description
  if (typeof license !== 'string' || license === '') throw new Error(`${name} ${version} does not say its licence`)
  return { name, version, license }
}

/** Line ends and edges are made one, so that every checkout of a package gives the same text. */
function licenseText(folder: string): string {
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i.test(file))
  if (files.length === 0) return 'The package has no file with the text of its licence.'
  const texts = files.sort().map((file) => readFileSync(path.join(folder, file), 'utf8'))
  return texts.map((text) => text.replaceAll(/\r\n?/g, '\n').trim()).join('\n\n')
}
