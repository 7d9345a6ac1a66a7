/** A part of the page that is loaded when it is first drawn. */
import type { ComponentType, JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { reasonOf, report } from '../problems.ts'
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
        (error: unknown) => report(`${problemWords.unexpected} ${reasonOf(error)}`.trim()),
      )
    }, [])
    return Part ? <Part {...props} /> : meanwhile()
  }
}
