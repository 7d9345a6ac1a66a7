/** Runs jobs one after the other, in the order in which they were given. A failed job does not stop the next. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(job: () => Promise<T> | T): Promise<T> {
    const result = this.#last.then(job)
    // The caller gets the failure; the chain goes on without it.
    this.#last = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }

  /** Resolves once everything that was given so far has run. */
  async idle(): Promise<void> {
    await this.#last
  }
}
