/** The server lets those make rooms who have its operator's token: asks for it. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Notice } from '../parts/notice.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import { doorWords, refusalWords, tokenWords } from '../words/door.ts'

interface Props {
  /** What the server said: that it wants one, or that this was not it. */
  detail: string
  onToken(token: string): void
  onHome(): void
}

export function NeedsToken({ detail, onToken, onHome }: Props): JSX.Element {
  const [token, setToken] = useState('')
  const [missing, setMissing] = useState(false)
  const { title, help } = refusalWords('needs-token', 'closed')

  function submit(): void {
    const typed = token.trim()
    setMissing(typed === '')
    if (typed !== '') onToken(typed)
  }

  return (
    <Notice tone="warning" title={title} help={help} detail={detail}>
      <form
        class="token-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <SecretField
          label={tokenWords.label}
          value={token}
          onInput={setToken}
          use="current-password"
          error={missing ? tokenWords.missing : undefined}
        />
        <div class="actions">
          <button type="submit" class="button primary">
            {tokenWords.make}
          </button>
          <button type="button" class="button" onClick={onHome}>
            {doorWords.home}
          </button>
        </div>
      </form>
    </Notice>
  )
}
