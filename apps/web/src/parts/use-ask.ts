/** Something that is asked of the room or of this device: whether it is under way, and in words why it could not be. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { reasonOf, report } from '../problems.ts'

export interface Ask {
  busy: boolean
  /** Why the last one could not be; empty where it could, or none was asked. */
  refusal: string
  /** Yields whether it came about. A second one while the first is under way is not begun. */
  put(work: () => Promise<unknown>): Promise<boolean>
}

/** @param failed - said before the reason, where that alone does not tell what could not be */
export function useAsk(failed = ''): Ask {
  const [state, setState] = useState({ busy: false, refusal: '' })
  const drawn = useRef(true)
  useEffect(
    () => () => {
      drawn.current = false
    },
    [],
  )
  return {
    ...state,
    async put(work) {
      if (state.busy) return false
      setState({ busy: true, refusal: '' })
      try {
        await work()
        setState({ busy: false, refusal: '' })
        return true
      } catch (error) {
        const refusal = `${failed} ${reasonOf(error)}`.trim()
        setState({ busy: false, refusal })
        // Whoever closed the dialog meanwhile would not see it there.
        if (!drawn.current) report(refusal)
        return false
      }
    },
  }
}
