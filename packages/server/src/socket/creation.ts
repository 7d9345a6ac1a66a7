/** Who may make rooms: anybody, or who has the token of whoever runs the relay. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { CreateRoom, Refusal } from '@qsec/protocol'
import type { Reporter } from '../report.ts'
import { refuse } from '../room/refuse.ts'
import type { Quota } from './quota.ts'

export interface CreationPorts {
  /** Undefined: anybody makes rooms. */
  token: string | undefined
  /** Wrong tokens, by address. The right one is taken all the same: nobody can shut its owner out by guessing. */
  wrongQuota: Quota
  report: Reporter
}

export class Creation {
  readonly #ports: CreationPorts
  readonly #digest: Buffer | undefined

  constructor(ports: CreationPorts) {
    this.#ports = ports
    this.#digest = ports.token === undefined ? undefined : digestOf(ports.token)
  }

  /** Undefined where whoever sends `create` may make a room. Takes the same time for every wrong token. */
  refusal({ token }: CreateRoom, address: string): Refusal | undefined {
    if (this.#digest === undefined) return undefined
    if (token !== undefined && timingSafeEqual(digestOf(token), this.#digest)) return undefined
    const wanted = 'Whoever runs this server decides who makes rooms here. Ask them for the token.'
    if (token === undefined) return { ...refuse('no-access', wanted), needs: 'create-token' }
    this.#ports.report({ level: 'warn', event: 'wrong-create-token' })
    if (!this.#ports.wrongQuota.take(address)) {
      return refuse('rate-limited', 'Too many wrong tokens came from this address. Try again in ten minutes.')
    }
    return { ...refuse('no-access', 'That is not the token of this server.'), needs: 'create-token' }
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
