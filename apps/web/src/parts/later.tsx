/** Parts of the page that are fetched when they are first drawn, so that a room opens before them. */
import { type FunctionComponent, h } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { report } from '../problems.ts'
import { problemWords } from '../words/problems.ts'

/**
 * The component that `load` yields; nothing is drawn until then.
 *
 * @param onFailed - called where it could not be fetched, after the person was told
 */
export function later<P extends object>(
  load: () => Promise<FunctionComponent<P>>,
  onFailed?: (props: P) => void,
): FunctionComponent<P> {
  let loaded: FunctionComponent<P> | undefined
  return function Later(props) {
    const [, setHere] = useState(false)
    useEffect(() => {
      if (loaded !== undefined) return
      let wanted = true
      load().then(
        (component) => {
          loaded = component
          if (wanted) setHere(true)
        },
        () => {
          if (!wanted) return
          report(problemWords.noPart)
          onFailed?.(props)
        },
      )
      return () => {
        wanted = false
      }
    }, [])
    return loaded === undefined ? null : h(loaded, props)
  }
}
