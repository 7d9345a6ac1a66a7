/** Opens what is known about the code of this page. The dialog is fetched when somebody asks for it. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { lazy } from '../parts/lazy.tsx'
import { homeWords } from '../words/home.ts'

const AboutDialog = lazy(async () => (await import('./about-dialog.tsx')).AboutDialog, {
  onFailed: ({ onClose }: { onClose(): void }) => onClose(),
})

export function AboutButton(): JSX.Element {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        {homeWords.about}
      </button>
      {open && <AboutDialog onClose={() => setOpen(false)} />}
    </>
  )
}
