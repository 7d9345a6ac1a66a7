/** Parts of the page that are fetched when they are first drawn, so that what a person needs at once opens before them. */
import { type FunctionComponent, h, type JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { reasonOf, report } from '../problems.ts'
import { problemWords } from '../words/problems.ts'

interface Options<P> {
  /** Drawn until the part is here. */
  meanwhile?(props: P): JSX.Element
  /** Called where it could not be fetched, after the person was told; the next one drawn tries again. */
  onFailed?(props: P): void
}

/** The component that `load` yields. */
export function lazy<P extends object>(
  load: () => Promise<FunctionComponent<P>>,
  { meanwhile, onFailed }: Options<NoInfer<P>> = {},
): FunctionComponent<P> {
  let loaded: FunctionComponent<P> | undefined
  return function Lazy(props) {
    const [, setHere] = useState(false)
    useEffect(() => {
      if (loaded !== undefined) return
      let wanted = true
      load().then(
        (component) => {
          loaded = component
          if (wanted) setHere(true)
        },
        (error: unknown) => {
          if (!wanted) return
          report(`${problemWords.noPart} ${reasonOf(error)}`.trim())
          onFailed?.(props)
        },
      )
      return () => {
        wanted = false
      }
    }, [])
    return loaded === undefined ? (meanwhile?.(props) ?? null) : h(loaded, props)
  }
}
