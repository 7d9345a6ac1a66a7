/** Valid input out of docs/protocol.md, whose examples are held against the code elsewhere. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { bytesOf } from './target.ts'

/** The JSON examples of one kind: `client`, `relay`, `answer`, `refusal` or `content`. */
export function examplesOf(kind: string): Uint8Array[] {
  const page = readFileSync(path.join(import.meta.dirname, '../../docs/protocol.md'), 'utf8')
  const examples = [...page.matchAll(/^ *```json (\w+)[^\n]*\n([\s\S]*?)^ *```$/gm)].filter(([, of]) => of === kind)
  if (examples.length === 0) throw new Error(`docs/protocol.md has no example of ${kind}`)
  return examples.map(([, , text]) => bytesOf(text!))
}
