/**
 * The secret tree of an epoch (RFC 9420 §9), grown only where somebody speaks. The library's own derives two ratchets for
 * every node at once, the inner ones too, which nobody ever uses: a third of a commit, and most of a stored state.
 *
 * It has the library's form. A node whose `application` is empty keeps in `handshake` the tree secret that has not been
 * divided yet; a node with neither has been divided, or lies below such a one.
 */
import { utf8, Writer } from '@qsec/protocol'
import type { ClientState } from 'ts-mls'
import { leafToNodeIndex, leafWidth, left, parent, right, root, toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js'
import { hkdfExpand } from './hashes.ts'

type SecretTree = ClientState['secretTree']
type Ratchet = SecretTree[number]['application']

const secretBytes = 64
/** Of a node without ratchets. */
export const emptyRatchet: Ratchet = { secret: new Uint8Array(0), generation: 0, unusedGenerations: {} }
/** A node that holds nothing: it was divided, or lies below one that was not. */
export const dividedNode: SecretTree[number] = { handshake: emptyRatchet, application: emptyRatchet }

/** @param leaves - the tree's width, a power of two */
export function newSecretTree(leaves: number, encryptionSecret: Uint8Array): SecretTree {
  const tree: SecretTree = new Array<SecretTree[number]>(2 * leaves - 1).fill(dividedNode)
  tree[root(leaves)] = undivided(encryptionSecret.slice())
  return tree
}

/** The tree with the ratchets of `leaf` in it; `tree` itself where they are already. `tree` is not changed. */
export function withRatchets(tree: SecretTree, leaf: number): SecretTree {
  const wanted = leafToNodeIndex(toLeafIndex(leaf))
  if (wanted >= tree.length || !isEmpty(tree[wanted]!.application)) return tree
  const width = leafWidth(tree.length)
  const way = [wanted]
  while (isEmpty(tree[way[0]!]!.handshake)) {
    if (way[0] === root(width)) return tree // no secret above it: not a tree of ours, and nothing will open
    way.unshift(parent(toNodeIndex(way[0]!), width) as typeof wanted)
  }
  const grown = tree.slice()
  for (const [i, node] of way.entries()) {
    const { secret } = grown[node]!.handshake
    if (node === wanted) {
      grown[node] = {
        handshake: ratchet(hkdfExpand(secret, labels.handshake, secretBytes)),
        application: ratchet(hkdfExpand(secret, labels.application, secretBytes)),
      }
    } else {
      grown[left(node)] = undivided(hkdfExpand(secret, labels.left, secretBytes))
      grown[right(node)] = undivided(hkdfExpand(secret, labels.right, secretBytes))
      grown[node] = dividedNode
    }
    // The first belongs to `tree`, which its owner erases; the ones between were made here.
    if (i > 0) secret.fill(0)
  }
  return grown
}

function isEmpty({ secret }: Ratchet): boolean {
  return secret.length === 0
}

function ratchet(secret: Uint8Array): Ratchet {
  return { secret, generation: 0, unusedGenerations: {} }
}

function undivided(secret: Uint8Array): SecretTree[number] {
  return { handshake: ratchet(secret), application: emptyRatchet }
}

/** The KDFLabel of RFC 9420 §8. */
function label(name: string, context: string): Uint8Array {
  return new Writer()
    .u16(secretBytes)
    .bytes(utf8(`MLS 1.0 ${name}`), 1)
    .bytes(utf8(context), 1)
    .done()
}

const labels = {
  left: label('tree', 'left'),
  right: label('tree', 'right'),
  handshake: label('handshake', ''),
  application: label('application', ''),
}
