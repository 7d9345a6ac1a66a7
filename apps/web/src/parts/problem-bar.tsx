/** What went wrong, at the top of the page until it is dismissed. */
import type { JSX } from 'preact'
import { dismiss, problems } from '../problems.ts'
import { problemWords } from '../words/problems.ts'
import { Icon } from './icon.tsx'

export function ProblemBar(): JSX.Element {
  return (
    <div class="problems" aria-live="assertive">
      {problems.value.map((problem) => (
        <div class="problem" key={problem.id}>
          <Icon name="warning" />
          <p>{problem.text}</p>
          <button
            type="button"
            class="icon-button"
            aria-label={problemWords.dismiss}
            onClick={() => dismiss(problem.id)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  )
}
