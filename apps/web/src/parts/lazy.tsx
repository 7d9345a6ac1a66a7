/** A part of the page that is loaded when it is first drawn. */
import type { ComponentType, JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { report } from '../problems.ts'
import { problemWords } from '../words/problems.ts'

export function lazy<P extends object>(
  load: () => Promise<ComponentType<P>>,
  meanwhile: () => JSX.Element | null = () => null,
): ComponentType<P> {
  let loaded: ComponentType<P> | undefined
  return function Lazy(props: P): JSX.Element | null {
    const [Part, setPart] = useState<ComponentType<P> | undefined>(() => loaded)
    useEffect(() => {
      if (Part) return
      load().then(
        (part) => {
          loaded = part
          setPart(() => part)
        },
        () => report(problemWords.noPart),
      )
    }, [])
    return Part ? <Part {...props} /> : meanwhile()
  }
}
