/** Runs tasks one after the other, so that nothing in a room changes while one of its events waits for the disk. */
export class Mailbox {
  #tail: Promise<unknown> = Promise.resolve()

  run<T>(task: () => T | Promise<T>): Promise<T> {
    const result = this.#tail.then(task)
    this.#tail = result.catch(() => undefined) // the caller gets the error; the next task must run all the same
    return result
  }
}
