/** The choice of the page's language, each named in itself. */
import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { changeLanguage, language } from '../language/language.ts'
import { isLanguage, languages } from '../language/languages.ts'
import { languageWords } from '../words/language.ts'
import { Icon } from './icon.tsx'

// The whole page is drawn anew in the other language, and the focus is to stay where it was.
let focusNext = false

export function LanguageChoice(): JSX.Element {
  const select = useRef<HTMLSelectElement>(null)
  useLayoutEffect(() => {
    if (focusNext) select.current?.focus()
    focusNext = false
  }, [])
  return (
    <label class="language">
      <Icon name="language" />
      <span>{languageWords.label}</span>
      <select
        ref={select}
        value={language.value}
        onChange={({ currentTarget }) => {
          const { value } = currentTarget
          if (!isLanguage(value)) return
          focusNext = true
          void changeLanguage(value).finally(() => {
            currentTarget.value = language.value
          })
        }}
      >
        {languages.map(({ code, name }) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
