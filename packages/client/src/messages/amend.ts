/**
 * What edits, deletions and reactions make of a message. They may come in any order, twice, and before the message itself
 * (a relay that restarted gets them again from several devices): the outcome is the same on every device, for each part of
 * a message takes the highest of what it is given, and a deletion is for ever.
 */
import type { DeviceId } from '@qsec/protocol'
import type { FileClaim } from '../files/content.ts'
import type { MessageItem } from '../room/timeline.ts'
import type { Amending } from './content.ts'

/** Where a value stands among others of its kind: by version, and by id where two devices gave the same. */
interface Versioned {
  version: number
  /** Of the content that brought it. */
  id: string
}

export interface Reaction extends Versioned {
  /** Fingerprint of the person keys: a person reacts once, with whatever device. */
  person: string
  device: DeviceId
  /** None: taken back. The version stays, against what comes late. */
  signs: readonly string[]
}

/** A message as far as it can be changed. */
export interface Amendable {
  device: DeviceId
  /** Fingerprint of the author's person keys, as its frame showed them; empty where this device does not know them. */
  person: string
  /** Said to one person alone: the fingerprint of the other of the two, whoever of them said it. */
  privately?: { person: string }
  text: string
  mentions?: readonly string[]
  files?: readonly FileClaim[]
  edited?: Versioned & { atMs: number }
  /** Of the deletion with the lowest id. Nothing else of the message is left but who wrote it, and when. */
  deleted?: { id: string }
  reactions?: readonly Reaction[]
}

/** A change as it came: the frame showed whose it is. */
export interface Amendment {
  from: DeviceId
  /** Fingerprint of the sender's person keys; never empty. */
  person: string
  id: string
  content: Amending
  /** Said in the conversation with that person, not to the room. */
  with?: string
}

/**
 * Edits and deletions are its author's alone, with any of their devices. Everybody reacts. What was said to the room is
 * changed in the room, and what was said to one person in the conversation of the two: all who have it see every change.
 */
export function mayAmend(message: Pick<Amendable, 'person' | 'privately'>, amendment: Amendment): boolean {
  const { person, content } = amendment
  if (message.privately?.person !== amendment.with) return false
  return content.type === 'reaction' || (person !== '' && person === message.person)
}

/** The message after the change; the same object where that may not be, or changes nothing. */
export function amended(message: MessageItem, amendment: Amendment): MessageItem {
  if (!mayAmend(message, amendment)) return message
  const { content, id, from, person } = amendment
  switch (content.type) {
    case 'delete':
      return deleted(message, id)
    case 'edit': {
      const { version, text, atMs, mentions } = content
      if (message.deleted || !isHigher({ version, id }, message.edited)) return message
      const { mentions: _before, ...rest } = message
      return { ...rest, text, ...(mentions ? { mentions } : {}), edited: { version, id, atMs } }
    }
    case 'reaction': {
      const { version, signs } = content
      const others = message.reactions?.filter((one) => one.person !== person) ?? []
      const before = message.reactions?.find((one) => one.person === person)
      if (message.deleted || !isHigher({ version, id }, before)) return message
      // In one order, so that two devices hold the same.
      const reactions = [...others, { person, device: from, version, id, signs }].sort(byId)
      return { ...message, reactions }
    }
  }
}

/** The version for a change that is made now: above all that this device knows. */
export function nextVersion(before: Versioned | undefined): number {
  return Math.min((before?.version ?? 0) + 1, Number.MAX_SAFE_INTEGER)
}

function deleted(message: MessageItem, id: string): MessageItem {
  if (message.deleted && message.deleted.id <= id) return message
  const { reactions: _r, edited: _e, mentions: _m, replyTo: _t, files: _f, ...rest } = message
  return { ...rest, text: '', deleted: { id } }
}

function isHigher(one: Versioned, other: Versioned | undefined): boolean {
  if (!other) return true
  return one.version > other.version || (one.version === other.version && one.id > other.id)
}

function byId(a: Versioned, b: Versioned): number {
  return a.id < b.id ? -1 : 1
}
