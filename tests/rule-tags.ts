/** The numbers of rules: where RULES.md lists them, and which tests carry them in their titles. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const tops = ['packages', 'apps', 'tests']
const isTest = /(\.test\.tsx?|\.contract\.ts|contract-in-page\.ts)$/

/** Numbers, each with the files in which it stands, once for each time. */
export type Tags = Map<string, string[]>

/** Numbers at the beginning of the titles of tests. */
export function tagsOfTests(): Tags {
  return tagsIn(
    (file) => isTest.test(file),
    (text) =>
      [...text.matchAll(/['"`](?:\[[A-Z]+\d+\] ?)+/g)].flatMap(([titles]) =>
        [...titles.matchAll(/\[([A-Z]+\d+)\]/g)].map(([, tag]) => tag!),
      ),
  )
}

/** Numbers of the lists in all RULES.md. */
export function tagsOfRules(): Tags {
  return tagsIn((file) => path.posix.basename(file) === 'RULES.md', listedIn)
}

/** Numbers of the list items of one RULES.md. An item without a number is a mistake, and thrown. */
export function listedIn(text: string): string[] {
  return [...text.matchAll(/^- (.*)$/gm)].map(([, item]) => {
    const tag = /^(?:\*\*)?\[?([A-Z]+\d+)\]?(?:\*\*)? /.exec(item!)?.[1]
    if (tag === undefined) throw new Error(`a rule without a number: ${item}`)
    return tag
  })
}

function tagsIn(wanted: (file: string) => boolean, read: (text: string) => string[]): Tags {
  const tags: Tags = new Map()
  for (const top of tops) {
    for (const entry of readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' })) {
      const file = `${top}/${entry.replaceAll(path.sep, '/')}`
      if (!wanted(file) || /node_modules|\/dist\//.test(file)) continue
      for (const tag of read(readFileSync(path.join(root, file), 'utf8'))) {
        tags.set(tag, [...(tags.get(tag) ?? []), file])
      }
    }
  }
  return tags
}
