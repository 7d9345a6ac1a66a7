/** Runs tasks one after the other, so that nothing in a room changes while one of its events waits for the disk. */
export class Mailbox {
  #tail: Promise<unknown> = Promise.resolve()
  /** Tasks that wait or run. */
  #tasks = 0

  run<T>(task: () => T | Promise<T>): Promise<T> {
    this.#tasks += 1
    return this.#follow(this.#tail.then(task))
  }

  /** The same, but at once where nothing else is under way: then a task that does not wait is done on return. */
  runNow<T>(task: () => T | Promise<T>): T | Promise<T> {
    if (this.#tasks > 0) return this.run(task)
    this.#tasks += 1
    let result: T | Promise<T>
    try {
      result = task()
    } catch (error) {
      this.#tasks -= 1
      throw error
    }
    if (result instanceof Promise) return this.#follow(result)
    this.#tasks -= 1
    return result
  }

  #follow<T>(result: Promise<T>): Promise<T> {
    const done = () => {
      this.#tasks -= 1
    }
    this.#tail = result.then(done, done) // the caller gets the error; the next task must run all the same
    return result
  }
}
