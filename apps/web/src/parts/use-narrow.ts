/** Whether the window is so narrow that the panels cover the conversation. The style sheet knows the same width. */
import { useEffect, useState } from 'preact/hooks'

const narrow = '(max-width: 899px)'

export function useNarrow(): boolean {
  const [is, set] = useState(() => typeof matchMedia === 'function' && matchMedia(narrow).matches)
  useEffect(() => {
    const media = matchMedia(narrow)
    const update = (): void => set(media.matches)
    media.addEventListener('change', update)
    return () => media.removeEventListener('change', update)
  }, [])
  return is
}
