import { render } from 'preact-render-to-string'
import { expect, it } from 'vitest'
import { ben } from '../../dev/fixtures.ts'
import { leadsOut, parseMarkup } from './parse.ts'
import { Rich } from './rich.tsx'
import { wantsMarkup } from './wants.ts'

const drawn = (text: string) => render(<Rich text={text} mentions={[ben]} />)
const tags = (html: string) => [...new Set(Array.from(html.matchAll(/<([a-z]+)/g), ([, tag]) => tag))].sort()

it('[MV10] emphasis, code, quotations, lists and links are drawn as nodes, line by line', () => {
  const html = drawn(
    '**bold** *slanted* ~~gone~~ `x < y`\nnext\n\n> said @Ben\n\n- one\n- two\n\n7. seven\n\n```ts\nlet a = "<b>"\n```',
  )
  for (const part of [
    '<strong>bold</strong>',
    '<em>slanted</em>',
    '<s>gone</s>',
    '<code>x &lt; y</code><br',
    '<bdi class="mention">@Ben</bdi>',
    '<ol start="7" dir="auto">',
    'let a = &quot;&lt;b>&quot;',
    '>Copy code<',
  ]) {
    expect(html).toContain(part)
  }
  expect(html.match(/<li/g)).toHaveLength(3)
  // Words without markup stay as they stand, with their spaces.
  expect(drawn('2 * 3 * 4  = 24\n  · so')).toBe('<p class="text" dir="auto">2 * 3 * 4  = 24\n  · so</p>')
})

it('[MV11] a link leads to http, https or mail, says where, and takes nothing along; everything else is text', () => {
  const html = drawn('[our site](https://example.org/a?b=c) https://example.org/x_y_z <mailto:a@example.org>')
  expect(html).toContain('<a href="https://example.org/a?b=c" target="_blank" rel="noopener noreferrer"')
  expect(html).toContain('our site</a><span class="link-host"> (example.org)</span>')
  expect(html).toContain('>https://example.org/x_y_z</a>')
  expect(html.match(/<a /g)).toHaveLength(3)
  expect(html.match(/link-host/g)).toHaveLength(1)
  expect(drawn('[https://bank.example](https://evil.example)')).toContain('(evil.example)')
  // No name and password go along, nor hide where it leads.
  expect(leadsOut('https://bank.example:x@evil.example')).toBeUndefined()
  expect(drawn('**x** https://bank.example:x@evil.example')).not.toMatch(/href="[^"]*@/)
  for (const url of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.org/x',
    '//example.org',
    '/room/x',
    'qsec:x',
    '\u0001javascript:alert(1)',
  ]) {
    expect([url, leadsOut(url)]).toEqual([url, undefined])
    // Inside a `blob:` stands an address that leads out by itself.
    if (!url.startsWith('blob:'))
      expect([url, drawn(`**x** [a](${url}) <${url}>`).includes('<a')]).toEqual([url, false])
  }
})

it('[MV12] no HTML, image, heading or reference comes of any text; it stands there as it was written', () => {
  const nasty = [
    '<script>alert(1)</script> **x**',
    '<img src=x onerror=alert(1)> `x`',
    '![x](https://example.org/track.png) **x**',
    '<svg onload="alert(1)"> *x*',
    '<math><mi xlink:href="javascript:alert(1)">** x**',
    '# heading **x**',
    '[a]: https://example.org\n[a] **x**',
    '<a href="https://example.org">x</a> **x**',
    '&lt;script&gt; **x**',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"> **x**',
  ]
  const allowed = new Set(['div', 'p', 'strong', 'em', 's', 'code', 'a', 'br', 'span', 'bdi'])
  for (const text of nasty) {
    const html = drawn(text)
    expect([text, tags(html).filter((tag) => !allowed.has(tag!))]).toEqual([text, []])
    expect(html).not.toMatch(/<[^>]*\son\w+=/)
    expect(html).not.toMatch(/<[^>]*\ssrc=/)
  }
})

it('[MV13] nesting and floods of signs are text, or few nodes: what is read has limits before and after', () => {
  const long = 60_000
  const bombs = ['> ', '[', '*_', '`a', '<a', '- a\n', '**a', '~~a', '[a](b', 'http://', '[]('].map((one) =>
    one.repeat(long),
  )
  for (const text of [...bombs, `${'a'.repeat(long)}*`, `${'('.repeat(long)}https://a.b`]) {
    expect([text.slice(0, 6), wantsMarkup(text)]).toEqual([text.slice(0, 6), false])
  }
  // Short enough to be read: still few nodes, and never deeper than the limit.
  for (const text of [
    '> '.repeat(290),
    '- '.repeat(400),
    '*a '.repeat(390),
    '[a]('.repeat(190),
    '**a'.repeat(200),
    '[]('.repeat(190),
  ]) {
    expect(wantsMarkup(text)).toBe(true)
    const depth = (html: string) =>
      Math.max(...[...html.matchAll(/(?:<(?:blockquote|ul|li)[^>]*>\s*)+/g)].map(([run]) => run.match(/</g)!.length), 0)
    const html = drawn(text)
    expect(html.match(/<[a-z]/g)!.length).toBeLessThan(1_000)
    expect(depth(html)).toBeLessThanOrEqual(21)
  }
  expect(parseMarkup('**a** '.repeat(1_000))).toBeUndefined()
  expect([wantsMarkup('plain words'), wantsMarkup('a *b*'), wantsMarkup('x\n- y')]).toEqual([false, true, true])
})
