/** The settings for people: what `qsec serve --help` prints, and the table of docs/operations.md. */
import type { Setting } from './setting.ts'
import { settings } from './table.ts'

const all: readonly Setting<unknown>[] = Object.values(settings)
const columns = 118

/** Two columns: the name, and what it means with range and default. */
export function settingsHelp(): string {
  const width = Math.max(...all.map(({ name }) => name.length)) + 4
  return all
    .map((setting) => {
      const { name, meaning, range } = setting
      const words = `${meaning} (${range}; default ${fallbackOf(setting)})`
      return `  ${name}`.padEnd(width) + wrap(words, columns - width).join(`\n${' '.repeat(width)}`)
    })
    .join('\n')
}

/** The rows of the table, without its head. */
export function settingsTable(): string {
  return all
    .map((setting) => `| \`${setting.name}\` | ${setting.range} | ${fallbackOf(setting)} | ${meaningOf(setting)} |`)
    .join('\n')
}

function meaningOf({ meaning, flag }: Setting<unknown>): string {
  return flag === undefined ? meaning : `${meaning}; \`--${flag}\` does the same`
}

function fallbackOf({ fallback, fallbackWords }: Setting<unknown>): string {
  return fallbackWords ?? fallback
}

function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}
