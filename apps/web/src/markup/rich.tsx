/** Draws marked text as nodes, and nothing by way of HTML. Links lead out of the page and tell it nothing of where they come from. */
import type { ComponentChildren, JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { PersonView } from '../client-gate.ts'
import { withMentions } from '../parts/message/mentions.tsx'
import { Plain } from '../parts/message/plain.tsx'
import { attempt } from '../problems.ts'
import { messageWords } from '../words/messages.ts'
import { type Markup, parseMarkup } from './parse.ts'

interface Props {
  text: string
  mentions: readonly PersonView[] | undefined
}

export function Rich({ text, mentions }: Props): JSX.Element {
  const tree = useMemo(() => parseMarkup(text), [text])
  if (!tree) return <Plain text={text} mentions={mentions} />
  return <div class="text rich">{nodes(tree, mentions)}</div>
}

function nodes(tree: readonly Markup[], mentions: Props['mentions']): ComponentChildren {
  return tree.map((node, i) => <Node key={i} node={node} mentions={mentions} />)
}

function Node({ node, mentions }: { node: Markup; mentions: Props['mentions'] }): JSX.Element {
  switch (node.type) {
    case 'text':
      return <>{withMentions(node.text, mentions)}</>
    case 'break':
      return <br />
    case 'code':
      return <code>{node.text}</code>
    case 'fence':
      return <Fence text={node.text} language={node.language} />
    case 'link':
      return (
        <>
          <a href={node.href} target="_blank" rel="noopener noreferrer" title={node.href}>
            {nodes(node.inside, mentions)}
          </a>
          {node.host !== undefined && <span class="link-host"> ({node.host})</span>}
        </>
      )
    case 'ol':
      return (
        <ol start={node.start} dir="auto">
          {nodes(node.inside, mentions)}
        </ol>
      )
    case 'p':
    case 'ul':
    case 'blockquote':
    case 'li': {
      const Tag = node.type
      return <Tag dir="auto">{nodes(node.inside, mentions)}</Tag>
    }
    default: {
      const Tag = node.type
      return <Tag>{nodes(node.inside, mentions)}</Tag>
    }
  }
}

function Fence({ text, language }: { text: string; language: string }): JSX.Element {
  const [copied, setCopied] = useState(false)
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <div class="fence">
      <p class="fence-head">
        <span>{language}</span>
        <button type="button" onClick={() => attempt(copy(), messageWords.noCopy)}>
          {copied ? messageWords.copied : messageWords.copyCode}
        </button>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the page is scrolled by keyboard */}
      <pre tabIndex={0} dir="ltr">
        <code>{text}</code>
      </pre>
    </div>
  )
}
