import { render } from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import { fakeKeeper } from '../../dev/fake-keeper.ts'
import { CodeCheck } from '../parts/code-check.tsx'
import { restoringWords } from '../words/device.ts'

const nothing = (): void => undefined

describe('this device', () => {
  it('[WB34] a recovery code is shown in groups, and counts only when it was typed back', async () => {
    const code = await fakeKeeper({}).newCode()
    const html = render(
      <CodeCheck code={code} help="." action="Set" busy={false} onDone={nothing} onCancel={nothing} />,
    )
    for (const group of code.text.split('-')) expect(html).toContain(`<span>${group}</span>`)
    expect(html).toMatch(/<label[^>]*>Type it here/)
    expect(code.matches(code.text.toLowerCase().replaceAll('-', ' '))).toBe(true)
    expect(code.matches(code.text.slice(0, -1))).toBe(false)
  })

  it('[WB35] every reason why a backup gives nothing has words of its own', () => {
    const reasons = ['no-backup', 'newer', 'not-opened', 'unreadable', 'no-code', 'too-large'] as const
    const words = reasons.map(restoringWords)
    expect(new Set(words).size).toBe(reasons.length)
    for (const one of words) expect(one).toMatch(/^[A-Z].*\.$/)
  })
})
