/** Sends what was picked with the words to it. Reading and sealing takes a while, and can be stopped until it is stored. */
import { useState } from 'preact/hooks'
import type { PersonView } from '../../client-gate.ts'
import { holdPage } from '../../hold-page.ts'
import { forget, type Picked, type PickedFiles } from './picked.ts'

interface More {
  /** For the person behind that device alone. */
  to?: PersonView['device']
  replyTo?: string
  mentions?: string[]
  lifetimeS?: number
}

type Attach = (files: readonly Picked[], more: More & { text: string; signal: AbortSignal }) => Promise<void>

export interface SendFiles {
  /** Present while files are made ready. */
  sending: AbortController | undefined
  /** Rejects where they were not sent, or it was stopped; they are picked again then. */
  sendFiles(text: string, more: More): Promise<void>
}

export function useSendFiles(picked: PickedFiles | undefined, attach: Attach): SendFiles {
  const [sending, setSending] = useState<AbortController>()
  return {
    sending,
    async sendFiles(text, more) {
      const files = picked?.take() ?? []
      const abort = new AbortController()
      setSending(abort)
      const release = holdPage()
      try {
        await attach(files, { text: text.trim() === '' ? '' : text, ...more, signal: abort.signal })
        files.forEach(forget)
      } catch (error) {
        picked?.putBack(files)
        throw error
      } finally {
        release()
        setSending(undefined)
      }
    },
  }
}
