import { historyAsHtml } from '@qsec/client/backup'
import { render } from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import { fakeKeeper, history } from '../../dev/fake-keeper.ts'
import { languages, localeFor, wordsOf } from '../language/languages.ts'
import { CodeCheck } from '../parts/code-check.tsx'
import { restoringWords } from '../words/device.ts'
import { historyPageWords, historyWords } from '../words/history.ts'
import { useLocale } from '../words/locale.ts'
import { speakWords } from '../words/translatable.ts'
import { HistoryItems } from './restored-history.tsx'

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

  it('[PV20] a restored history draws edits, deletions, reactions, quotes and what was private as they stood', () => {
    const html = render(<HistoryItems history={history} />)
    const rows = html.split('<li class="').map((row) => row.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '))
    const row = (text: string): string => rows.find((one) => one.includes(text)) ?? ''
    expect(row('start at ten')).toMatch(/Ben .* edited Ana : The detector is cold enough now\. Good\./)
    expect(html).toMatch(/aria-label="Reactions"><li>👍 🎉 <bdi>Ana<\/bdi><\/li><li>👍 <bdi>Ben<\/bdi>/)
    expect(row('Deleted by its author.')).toContain('Ben')
    expect(row('under the mat')).toContain('Private, with Ben: nobody else in the room could read it.')
    expect(row('under the mat')).toContain('Ben : Deleted by its author.')
    expect(row('cold enough'), 'a plain one says nothing more').not.toMatch(/edited|Private|Deleted/)
  })

  it('[PV21] an exported page speaks the language of the page and runs its way; what people wrote is escaped, and theirs', async () => {
    const evil = {
      ...history,
      name: '</p><script>',
      people: [{ device: 'three', name: 'آنا <b>', shortId: 'x', self: true }],
    }
    try {
      for (const { code, direction } of languages) {
        speakWords(await wordsOf(code))
        useLocale(localeFor(code, [code]), direction)
        const page = historyAsHtml(evil, 0, historyPageWords(code, direction))
        expect(page).toContain(`<html lang="${code}" dir="${direction}">`)
        expect(page).toContain(historyWords.notice)
        expect(page).not.toMatch(/<script|<b>/)
        expect(page).toContain('آنا &lt;b&gt;')
        // What was said and what happened stays in the words in which it was.
        const said = history.items.map((item) => ('text' in item ? item.text : item.words)).concat('UTC', 'QSEC')
        const rest = said.reduce(
          (text, words) => (words ? text.replaceAll(words, '') : text),
          page.slice(page.indexOf('<body>')),
        )
        if (code !== 'en')
          expect(rest, code).not.toMatch(/\b(nobody|room|author|could|Deleted|Someone|edited|shared)\b/)
        else expect(rest).toContain('Private, with <bdi>Someone</bdi>: nobody else in the room could read it.')
      }
    } finally {
      speakWords(undefined)
      useLocale('en', 'ltr')
    }
  })

  it('[WB35] every reason why a backup gives nothing has words of its own', () => {
    const reasons = ['no-backup', 'newer', 'not-opened', 'unreadable', 'no-code', 'too-large'] as const
    const words = reasons.map(restoringWords)
    expect(new Set(words).size).toBe(reasons.length)
    for (const one of words) expect(one).toMatch(/^[A-Z].*\.$/)
  })
})
