/** A modal dialog of the browser's own kind: it traps the focus, closes with Esc, and gives the focus back. */
import type { ComponentChildren, JSX } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'

interface Props {
  title: string
  onClose(): void
  /** Whether a press beside the dialog closes it. */
  light?: boolean
  children: ComponentChildren
}

export function Dialog({ title, onClose, light = true, children }: Props): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useLayoutEffect(() => {
    const element = dialog.current!
    element.showModal()
    // Closed before it leaves the document, for only then does the browser return the focus.
    return () => element.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onMouseDown={({ target, currentTarget, clientX, clientY }) => {
        // A press on its own scrollbar is one on it, too.
        const { left, right, top, bottom } = currentTarget.getBoundingClientRect()
        const beside = clientX < left || clientX > right || clientY < top || clientY > bottom
        if (light && target === currentTarget && beside) onClose()
      }}
    >
      <div class="dialog-body">
        <h2 id={titleId}>{title}</h2>
        {children}
      </div>
    </dialog>
  )
}
