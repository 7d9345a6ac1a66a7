/** How long to leave a busy KME alone: doubles with each refusal, with chance in it so that SAEs do not come in step. */
export class BackOff {
  readonly #jitter: () => number
  #busyInARow = 0

  /** @param jitter - numbers in [0, 1) */
  constructor(jitter: () => number) {
    this.#jitter = jitter
  }

  /** The wait after one more refusal: from half to all of 0.5 s, 1 s, 2 s and so on, up to 60 s. */
  afterBusyMs(): number {
    const mostMs = Math.min(60_000, 500 * 2 ** Math.min(this.#busyInARow++, 16))
    return Math.round(mostMs * (0.5 + this.#jitter() / 2))
  }

  answered(): void {
    this.#busyInARow = 0
  }
}
