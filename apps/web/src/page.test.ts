import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'

it('[WB21] the page holds nothing inline', async () => {
  const html = await readFile(path.join(import.meta.dirname, '../index.html'), 'utf8')
  expect(html).not.toMatch(/<style|style=|\son[a-z]+=|data:|https?:/)
  expect(html.match(/<script[^>]*>/g)).toEqual(['<script type="module" src="/src/main.tsx">'])
  expect(html).toMatch(/<script[^>]*><\/script>/)
  expect(html).toContain('<html lang="en">')
})
