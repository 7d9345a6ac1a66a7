/** What a message says of a file that goes with it: all that is needed to fetch it, to open it and to show it. */
import { type FileId, limits } from '@qsec/protocol'
import * as v from 'valibot'
import { cleanFileName, fileNameBytesAtMost } from './names.ts'

/** Files of one message. */
export const filesAtMost = 10
/** Seconds that a recording may say to have. */
const secondsAtMost = 86_400

export interface FileClaim {
  id: FileId
  /** As its sender calls it, made safe. */
  name: string
  /** Its media type, as its sender says. What it is treated as, its name and its bytes decide too. */
  type: string
  /** Bytes, without padding. */
  size: number
  /** 32 bytes in base64url, for this file alone. */
  key: string
  /** Root of the hash tree over its sealed pieces, base64url. */
  root: string
  /** Of a picture or film: its pixels, so that its place is known before it comes. */
  width?: number
  height?: number
  /** A recording made here. `seconds`: how long. */
  voice?: true
  seconds?: number
}

const sixteenBytes = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/))
const thirtyTwoBytes = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/))
const pixels = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(65_535))

/** A media type without parameters (RFC 6838 §4.2). */
const mediaType = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/))

export const fileClaim: v.GenericSchema<unknown, FileClaim> = v.object({
  id: sixteenBytes,
  // A name of somebody's own making is made safe here, once; past this line nobody has to.
  name: v.pipe(v.string(), v.maxBytes(4 * fileNameBytesAtMost), v.transform(cleanFileName)),
  type: mediaType,
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(limits.fileBytes)),
  key: thirtyTwoBytes,
  root: thirtyTwoBytes,
  width: v.exactOptional(pixels),
  height: v.exactOptional(pixels),
  voice: v.exactOptional(v.literal(true)),
  seconds: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(secondsAtMost))),
}) as unknown as v.GenericSchema<unknown, FileClaim>

const differ = (files: FileClaim[]): boolean => new Set(files.map(({ id }) => id)).size === files.length

export const fileClaims: v.GenericSchema<unknown, FileClaim[]> = v.pipe(
  v.array(fileClaim),
  v.minLength(1),
  v.maxLength(filesAtMost),
  v.check(differ),
) as v.GenericSchema<unknown, FileClaim[]>
