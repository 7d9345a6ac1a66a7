/** The last safety net: an error while drawing becomes a page in plain words instead of an empty one. */
import { Component, type ComponentChildren } from 'preact'
import { reasonOf } from '../problems.ts'
import { doorWords } from '../words/door.ts'
import { problemWords } from '../words/problems.ts'
import { Notice } from './notice.tsx'

interface Props {
  children: ComponentChildren
}
interface State {
  error?: unknown
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = {}

  static override getDerivedStateFromError(error: unknown): State {
    return { error }
  }

  override componentDidCatch(error: unknown): void {
    console.error(error)
  }

  override render(): ComponentChildren {
    if (!('error' in this.state)) return this.props.children
    return (
      <Notice
        tone="warning"
        title={problemWords.broken}
        help={problemWords.brokenHelp}
        detail={reasonOf(this.state.error)}
      >
        <button type="button" class="button primary" onClick={() => location.reload()}>
          {problemWords.reload}
        </button>
        <a class="button" href="/">
          {doorWords.home}
        </a>
      </Notice>
    )
  }
}
