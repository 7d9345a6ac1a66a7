/** What a browser tells a page about its network and its visibility; silent in Node. */

export interface PageSignals {
  online(): void
  offline(): void
  visible(): void
}

export interface Page {
  /** False: the browser knows of no network. True says little. */
  readonly onLine: boolean
  /** The returned function ends the watch. */
  watch(signals: PageSignals): () => void
}

// Spelled out here, since this file compiles without the DOM's types as well.
interface Target {
  addEventListener?(type: string, listener: () => void): void
  removeEventListener?(type: string, listener: () => void): void
}
interface PageGlobals extends Target {
  navigator?: { onLine?: boolean }
  document?: Target & { visibilityState?: string }
}

export const thisPage: Page = {
  get onLine() {
    return globals().navigator?.onLine !== false
  },
  watch(signals) {
    const { document } = globals()
    const visible = () => {
      if (document?.visibilityState === 'visible') signals.visible()
    }
    const watched: [Target | undefined, string, () => void][] = [
      [globals(), 'online', signals.online],
      [globals(), 'offline', signals.offline],
      [document, 'visibilitychange', visible],
    ]
    for (const [target, type, listener] of watched) target?.addEventListener?.(type, listener)
    return () => {
      for (const [target, type, listener] of watched) target?.removeEventListener?.(type, listener)
    }
  },
}

function globals(): PageGlobals {
  return globalThis as PageGlobals
}
