/** Takes one defence out of the product's source while Vitest loads it. Does nothing unless QSEC_SWITCH names one. */
import path from 'node:path'
import type { Plugin } from 'vite'
import { changesOf, switches, withoutDefence } from './switches.ts'

const root = path.resolve(import.meta.dirname, '../..')

export function switchPlugin(): Plugin {
  const name = process.env.QSEC_SWITCH
  const chosen = name === undefined ? undefined : switches.find((one) => one.name === name)
  if (name !== undefined && !chosen) throw new Error(`QSEC_SWITCH: there is no switch ${name}`)
  return {
    name: 'qsec-switch',
    enforce: 'pre',
    transform(code, id) {
      const file = path.resolve(id.split('?')[0]!)
      const change = chosen && changesOf(chosen).find((one) => file === path.join(root, one.file))
      return change && { code: withoutDefence(change, code), map: null }
    },
  }
}
