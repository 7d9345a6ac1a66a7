/** Something that is asked of the room: whether it is under way, and in words why it could not be. */
import { useState } from 'preact/hooks'
import { reasonOf } from '../../problems.ts'

export interface Ask {
  busy: boolean
  /** Why the last one could not be; empty where it could, or none was asked. */
  refusal: string
  /** Yields whether it came about. A second one while the first is under way is not begun. */
  put(work: () => Promise<unknown>): Promise<boolean>
}

export function useAsk(): Ask {
  const [state, setState] = useState({ busy: false, refusal: '' })
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
        setState({ busy: false, refusal: reasonOf(error) })
        return false
      }
    },
  }
}
