/** Puts functions together to a WebAssembly module that exports its memory and the functions with a name. */
import { type Code, get, type Local, set, unsigned } from './instructions.ts'

const types = { int: 0x7f, vector: 0x7b } as const

/** A function in the making. All parameters are whole numbers of 32 bits; nothing is returned. */
export class Procedure {
  readonly #locals: number[] = []
  #code: number[] = []
  readonly #parameters: number

  constructor(parameters: number) {
    this.#parameters = parameters
  }

  int(): Local {
    return this.#local(types.int)
  }

  vector(): Local {
    return this.#local(types.vector)
  }

  /** Statements are kept in order. */
  do(...statements: Code[]): void {
    appendLeaves(this.#code, statements)
  }

  /** A new vector with this value. */
  let(value: Code): Local {
    const local = this.vector()
    this.do(set(local, value))
    return local
  }

  letInt(value: Code): Local {
    const local = this.int()
    this.do(set(local, value))
    return local
  }

  /** What `write` does, as one statement for the body of a loop instead of here. */
  within(write: () => void): Code {
    const before = this.#code
    const body: number[] = []
    this.#code = body
    write()
    this.#code = before
    return body
  }

  get parameters(): number {
    return this.#parameters
  }

  bytes(): number[] {
    const runs: number[][] = []
    for (const type of this.#locals) {
      const last = runs.at(-1)
      if (last && last[1] === type) last[0]!++
      else runs.push([1, type])
    }
    const locals = [...unsigned(runs.length), ...runs.flatMap(([length, type]) => [...unsigned(length!), type!])]
    return [...locals, ...this.#code, 0x0b]
  }

  #local(type: number): Local {
    this.#locals.push(type)
    return this.#parameters + this.#locals.length - 1
  }
}

export class Program {
  readonly #procedures: Procedure[] = []
  readonly #exports: [string, number][] = []

  /** @returns its number, for calls */
  define(parameters: number, write: (procedure: Procedure, ...parameters: Code[]) => void, name?: string): number {
    const procedure = new Procedure(parameters)
    write(procedure, ...Array.from({ length: parameters }, (_, i) => get(i)))
    this.#procedures.push(procedure)
    const index = this.#procedures.length - 1
    if (name) this.#exports.push([name, index])
    return index
  }

  /** @param pages - of 64 KiB, to begin with */
  bytes(pages: number): Uint8Array<ArrayBuffer> {
    const most = Math.max(...this.#procedures.map((procedure) => procedure.parameters))
    const signatures = Array.from({ length: most + 1 }, (_, i) => [0x60, i, ...new Array(i).fill(types.int), 0])
    const exports = [['memory', 2, 0] as const, ...this.#exports.map(([name, index]) => [name, 0, index] as const)]
    const bodies = this.#procedures.map((procedure) => procedure.bytes())
    return Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, signatures),
      ...section(
        3,
        this.#procedures.map((procedure) => [procedure.parameters]),
      ),
      ...section(5, [[0, ...unsigned(pages)]]),
      ...section(
        7,
        exports.map(([name, kind, index]) => [...text(name), kind, ...unsigned(index)]),
      ),
      ...section(
        10,
        bodies.map((body) => [...unsigned(body.length), ...body]),
      ),
    ])
  }
}

function section(id: number, entries: number[][]): number[] {
  const content = [...unsigned(entries.length), ...entries.flat()]
  return [id, ...unsigned(content.length), ...content]
}

function text(name: string): number[] {
  return [name.length, ...Array.from(name, (letter) => letter.charCodeAt(0))]
}

function appendLeaves(bytes: number[], code: Code): void {
  for (const part of code) {
    if (typeof part === 'number') bytes.push(part)
    else appendLeaves(bytes, part)
  }
}
