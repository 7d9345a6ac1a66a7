/** Hands other members pieces of the files that this device holds, when the relay asks for them: a few at a time. */
import { type FileAsked, type FileId, toBase64Url } from '@qsec/protocol'
import type { Transport } from '../ports.ts'
import { encodePiece, piecesOf } from './pieces.ts'
import type { Shelf } from './shelf.ts'
import { growTree, type Tree } from './tree.ts'
import { Window } from './window.ts'

/** Questions that wait for their turn; the relay asks somebody else after a while. */
const waitingAtMost = 256
const answerMs = 30_000
/** Hash trees that are kept in memory. */
const treesAtMost = 4

export interface GiverHost {
  shelf: Shelf
  transport: Transport
  /** A piece has left this device, for whoever wanted it. */
  onGiven(id: FileId, at: number): void
  /** Our own mistake, or a storage that fails. */
  onFault(error: unknown): void
}

export class FileGiver {
  readonly #host: GiverHost
  readonly #waiting: FileAsked[] = []
  readonly #trees = new Map<string, Tree>()
  // Small, so that a message never waits for many pieces in the queue of the connection.
  readonly #window = new Window({ least: 1, most: 4 })

  constructor(host: GiverHost) {
    this.#host = host
  }

  onAsked(asked: FileAsked): void {
    if (this.#waiting.length < waitingAtMost) this.#waiting.push(asked)
    this.#pump()
  }

  /** What was asked on a connection that is over is asked again on the next, or of others. */
  disconnected(): void {
    this.#waiting.length = 0
  }

  forget(id: FileId): void {
    this.#trees.delete(id)
  }

  #pump(): void {
    while (this.#window.isOpen) {
      const asked = this.#waiting.shift()
      if (!asked) return
      this.#window
        .run(() => this.#give(asked))
        .catch((error: unknown) => this.#host.onFault(error))
        .finally(() => this.#pump())
    }
  }

  async #give({ room, want, file, at }: FileAsked): Promise<void> {
    const { transport, onGiven } = this.#host
    const piece = await this.#piece(file, at)
    const given = { room, want, ...(piece ? { piece: toBase64Url(piece) } : {}) }
    const answer = await transport.request('file_give', given, answerMs)
    if (piece && answer?.ok) onGiven(file, at)
  }

  async #piece(file: FileId, at: number): Promise<Uint8Array | undefined> {
    const { shelf } = this.#host
    const head = shelf.head(file)
    if (head?.state !== 'here' || at >= piecesOf(head.claim.size)) return undefined
    const tree = await this.#tree(file)
    const sealed = await shelf.piece(file, at)
    return tree && sealed && encodePiece({ path: tree.pathTo(at), sealed })
  }

  async #tree(file: FileId): Promise<Tree | undefined> {
    const known = this.#trees.get(file)
    if (known) return known
    const leaves = await this.#host.shelf.leaves(file)
    if (leaves.length === 0) return undefined
    const tree = await growTree(leaves)
    this.#trees.set(file, tree)
    if (this.#trees.size > treesAtMost) this.#trees.delete(this.#trees.keys().next().value!)
    return tree
  }
}
