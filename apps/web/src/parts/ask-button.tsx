/** A button that asks for something. While that is under way it stays in its place, keeps the focus, and does nothing. */
import type { ComponentChildren, JSX } from 'preact'
import type { Ask } from './use-ask.ts'

interface Props {
  ask: Ask
  onPress(): void
  look?: string
  /** Where what stands on it does not say enough by itself. */
  label?: string
  children: ComponentChildren
}

export function AskButton({ ask, onPress, look = 'button', label, children }: Props): JSX.Element {
  return (
    <button
      type="button"
      class={look}
      aria-label={label}
      aria-busy={ask.busy}
      aria-disabled={ask.busy}
      onClick={() => {
        if (!ask.busy) onPress()
      }}
    >
      {children}
    </button>
  )
}

export function Refusal({ ask }: { ask: Ask }): JSX.Element {
  return (
    <p class="refusal" role="alert">
      {ask.refusal}
    </p>
  )
}
