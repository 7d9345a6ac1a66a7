/** A page that says one thing and what to do next. */
import type { ComponentChildren, JSX } from 'preact'
import { Mark } from './mark.tsx'

interface Props {
  title: string
  help: string
  /** The reason in other words, such as an error's own message. */
  detail?: string
  tone?: 'plain' | 'warning' | 'working'
  /** Above what to do next. */
  more?: ComponentChildren
  children?: ComponentChildren
}

export function Notice({ title, help, detail, tone = 'plain', more, children }: Props): JSX.Element {
  return (
    <main class="notice" aria-live="polite">
      <Mark moving={tone === 'working'} />
      <h1>{title}</h1>
      <p>{help}</p>
      {detail !== undefined && detail !== '' && <p class="notice-detail">{detail}</p>}
      {more}
      {children !== undefined && <div class="actions">{children}</div>}
    </main>
  )
}
