/**
 * What people say in the room, and what they do to what was said: texts with quotes and mentions, edits, deletions,
 * reactions. Whose they are is never in them: the frame shows it. What they make of a message is in `amend.ts`.
 */
import type { DeviceId, MessageId } from '@qsec/protocol'
import * as v from 'valibot'
import { lifetimeAtMostS } from '../crypto/settings.ts'
import { type FileClaim, fileClaims } from '../files/content.ts'

/** Longest text of one message, in UTF-8 bytes. */
export const textBytesAtMost: number = 64 * 1024
/** Persons that one message mentions. */
export const mentionsAtMost = 32
/** Signs with which one person reacts to one message. */
export const signsAtMost = 8
const signBytesAtMost = 40

/** A message of the room: its author's device, and the id that it gave it. */
export interface MessageRef {
  device: DeviceId
  id: MessageId
}

export type Said = Text | Amending | Aware

export interface Text {
  type: 'text'
  /** May be empty where files go with it. */
  text: string
  atMs: number
  /** The message that it quotes. */
  replyTo?: MessageRef
  /** Fingerprints of persons. */
  mentions?: string[]
  files?: FileClaim[]
  /** Seconds that it lives once it was seen. */
  lifetimeS?: number
}

/** What only those say who have switched it on. */
export type Aware =
  /** Somebody at the sender's device is writing. Said late, it says nothing. */
  | { type: 'typing' }
  /** The sender's person has read all up to that message. */
  | { type: 'read'; upTo: MessageRef }

export type Amending =
  /** `text` takes the place of what stood there. Of several the one with the highest version counts. */
  | { type: 'edit'; of: MessageRef; version: number; text: string; atMs: number; mentions?: string[] }
  | { type: 'delete'; of: MessageRef }
  /** All that the sender's person reacts with; none takes them back. The highest version counts. */
  | { type: 'reaction'; of: MessageRef; version: number; signs: string[] }

/**
 * One emoji, by its structure (UTS #51): the properties used cover code points that are not assigned yet, so that every
 * device judges alike, whatever Unicode it knows.
 */
const emoji =
  /^(?:\p{RI}{2}|[0-9#*]\uFE0F?\u20E3|\p{ExtPict}(?:\uFE0F|\p{EMod})?(?:[\u{E0020}-\u{E007E}]{1,8}\u{E007F})?(?:\u200D\p{ExtPict}(?:\uFE0F|\p{EMod})?){0,5})$/u

export function isSign(text: string): boolean {
  return text.length <= signBytesAtMost && new TextEncoder().encode(text).length <= signBytesAtMost && emoji.test(text)
}

/** What somebody said, as JSON; undefined where it is nothing of the kind. */
export function readSaid(json: string): Said | undefined {
  try {
    const read = v.safeParse(said, JSON.parse(json))
    return read.success ? read.output : undefined
  } catch {
    return undefined // a hostile member's words
  }
}

const text: v.GenericSchema<unknown, string> = v.pipe(v.string(), v.maxBytes(textBytesAtMost))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const sixteenBytes = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/))
const differ = (list: string[]): boolean => new Set(list).size === list.length

const messageRef = v.object({ device: sixteenBytes, id: sixteenBytes }) as unknown as v.GenericSchema<
  unknown,
  MessageRef
>
const mentions = v.pipe(v.array(sixteenBytes), v.minLength(1), v.maxLength(mentionsAtMost), v.check(differ))
const signs = v.pipe(v.array(v.pipe(v.string(), v.check(isSign))), v.maxLength(signsAtMost), v.check(differ))

export const said: v.GenericSchema<unknown, Said> = v.variant('type', [
  v.object({
    type: v.literal('text'),
    text,
    atMs: count,
    replyTo: v.exactOptional(messageRef),
    mentions: v.exactOptional(mentions),
    files: v.exactOptional(fileClaims),
    lifetimeS: v.exactOptional(v.pipe(count, v.minValue(1), v.maxValue(lifetimeAtMostS))),
  }),
  v.object({
    type: v.literal('edit'),
    of: messageRef,
    version: count,
    text: v.pipe(text, v.minLength(1)),
    atMs: count,
    mentions: v.exactOptional(mentions),
  }),
  v.object({ type: v.literal('typing') }),
  v.object({ type: v.literal('read'), upTo: messageRef }),
  v.object({ type: v.literal('delete'), of: messageRef }),
  v.object({ type: v.literal('reaction'), of: messageRef, version: count, signs }),
])
