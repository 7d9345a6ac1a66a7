/**
 * Reads what people mark: emphasis, code, quotations, lists and links, and nothing else of Markdown. No HTML, no images, no
 * headings. What comes out is a tree of plain data, which `rich.tsx` draws as nodes.
 */
import MarkdownIt, { type Token } from 'markdown-it'

export type Markup =
  | { type: 'text'; text: string }
  | { type: 'break' }
  | { type: 'code'; text: string }
  | { type: 'fence'; text: string; language: string }
  /** `host` where the words do not say where it leads. */
  | { type: 'link'; href: string; host?: string; inside: Markup[] }
  | { type: 'strong' | 'em' | 's' | 'p' | 'blockquote' | 'ul' | 'li'; inside: Markup[] }
  | { type: 'ol'; start: number; inside: Markup[] }

/** More nodes than that are no message but a load. */
const nodesAtMost = 2_000
const nestingAtMost = 20

const reader = new MarkdownIt('zero', { html: false, breaks: true, linkify: true, maxNesting: nestingAtMost })
reader.enable([
  ...['fence', 'blockquote', 'list', 'backticks', 'emphasis', 'strikethrough', 'balance_pairs'],
  ...['escape', 'link', 'autolink', 'newline', 'linkify', 'text_join'],
])
reader.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })
reader.validateLink = (url) => leadsOut(url) !== undefined

/** The address in its one spelling, where it is one of the three kinds that a message may lead to. */
export function leadsOut(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const parsed = new URL(url)
  const safe =
    ['http:', 'https:', 'mailto:'].includes(parsed.protocol) && parsed.username === '' && parsed.password === ''
  return safe ? parsed.href : undefined
}

/** Undefined: it has none, or too much of it to be drawn as anything but text. */
export function parseMarkup(text: string): Markup[] | undefined {
  const tokens = reader.parse(text, {})
  const nodes = tokens.reduce((sum, { children }) => sum + 1 + (children?.length ?? 0), 0)
  if (nodes > nodesAtMost) return undefined
  const tree = treeOf(tokens)
  return isPlain(tree) ? undefined : tree
}

/** Opening and closing tokens become nodes with what stands between them. */
function treeOf(tokens: readonly Token[]): Markup[] {
  const root: Markup[] = []
  const open: Markup[][] = [root]
  for (const token of tokens) {
    const here = open.at(-1)!
    if (token.nesting === 1) {
      const inside: Markup[] = []
      const node = nodeOf(token, inside)
      if (node) here.push(node)
      // What is not known is not there, and what stands in it is.
      open.push(node ? inside : here)
    } else if (token.nesting === -1) closeAt(open)
    else here.push(...leavesOf(token))
  }
  return root
}

function closeAt(open: Markup[][]): void {
  if (open.length > 1) open.pop()
  const link = open.at(-1)!.at(-1)
  if (link?.type !== 'link') return
  const words = link.inside.map((one) => ('text' in one ? one.text : '')).join('')
  const { host, protocol, pathname } = new URL(link.href)
  const says = protocol === 'mailto:' ? pathname : host
  if (!words.includes(says)) link.host = says
}

function nodeOf(token: Token, inside: Markup[]): Markup | undefined {
  switch (token.type) {
    case 'paragraph_open':
      return { type: 'p', inside }
    case 'strong_open':
      return { type: 'strong', inside }
    case 'em_open':
      return { type: 'em', inside }
    case 's_open':
      return { type: 's', inside }
    case 'blockquote_open':
      return { type: 'blockquote', inside }
    case 'bullet_list_open':
      return { type: 'ul', inside }
    case 'ordered_list_open':
      return { type: 'ol', start: Number(token.attrGet('start') ?? 1), inside }
    case 'list_item_open':
      return { type: 'li', inside }
    case 'link_open': {
      const href = leadsOut(String(token.attrGet('href') ?? ''))
      return href === undefined ? undefined : { type: 'link', href, inside }
    }
    default:
      return undefined
  }
}

function leavesOf(token: Token): Markup[] {
  switch (token.type) {
    case 'inline':
      return treeOf(token.children ?? [])
    case 'code_inline':
      return [{ type: 'code', text: token.content }]
    case 'fence':
      return [{ type: 'fence', text: token.content.replace(/\n$/, ''), language: token.info.trim().slice(0, 30) }]
    case 'softbreak':
    case 'hardbreak':
      return [{ type: 'break' }]
    default:
      return token.content === '' ? [] : [{ type: 'text', text: token.content }]
  }
}

/** One paragraph of words and breaks: it reads the same as it stands. */
function isPlain(tree: readonly Markup[]): boolean {
  return tree.every((node) => node.type === 'p' && node.inside.every(({ type }) => type === 'text' || type === 'break'))
}
