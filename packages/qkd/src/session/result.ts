/** What a run says of itself while it lasts and when it ends. Everything here but the key itself may be logged. */

/** What a key is worth, from birth to use: `simulated` unless both ends said that devices measured its bits. */
export type KeyLabel = 'simulated' | 'hardware'

export type AbortReason =
  | 'malformed-message'
  | 'unknown-version'
  | 'foreign-run'
  | 'out-of-sequence'
  | 'authentication-failed'
  | 'parameters-refused'
  | 'commitment-broken'
  | 'too-few-detections'
  | 'qber-above-threshold'
  | 'reconciliation-failed'
  | 'verification-failed'
  | 'no-secret-key-left'
  | 'confirmation-failed'
  | 'cancelled'
  | 'internal-error'

/** In the order of their codes on the wire; only ever appended to. */
export const abortReasons: readonly AbortReason[] = [
  'malformed-message',
  'unknown-version',
  'foreign-run',
  'out-of-sequence',
  'authentication-failed',
  'parameters-refused',
  'commitment-broken',
  'too-few-detections',
  'qber-above-threshold',
  'reconciliation-failed',
  'verification-failed',
  'no-secret-key-left',
  'confirmation-failed',
  'cancelled',
  'internal-error',
]

export type StageName =
  | 'sent'
  | 'detected'
  | 'sifted'
  | 'sampled'
  | 'reconciled'
  | 'verified'
  | 'amplified'
  | 'confirmed'
  | 'authenticated'

/** Bits before and after a stage; after `authenticated` the net yield, which may be negative. */
export interface Stage {
  name: StageName
  bitsIn: number
  bitsOut: number
}

/** What the bounds with decoy states were made from, by intensity, the signal first. */
export interface DecoyStatistics {
  keyClicks: number[]
  testClicks: number[]
  testErrors: number[]
}

/** Counts of a run, each there from the stage on that found it. Same at both ends. */
export interface SessionStatistics {
  /** Where the photons came from. */
  label: KeyLabel
  /** 0 of a run on bits that were sifted already, as is `detected`. */
  pulses: number
  /** QBER of the sample beyond which no key is made; a ratio. */
  threshold: number
  detected: number
  sifted: number
  /** Sifted bits compared in the open and thrown away. */
  sampled: number
  /** Differences within the sample. With decoys sample and QBER are all bits of the test basis. */
  mismatches: number
  /** mismatches / sampled. */
  qber: number
  /** 95 % of runs have the true rate in here; for display only. */
  qberInterval: [lo: number, hi: number]
  /** Parities said in the clear, and all bits of frames that were given up. */
  leakedBits: number
  /** Errors found by reconciliation. */
  corrected: number
  /** Frames that still differed and were left out. */
  framesGivenUp: number
  /** Length of the key handed out. */
  secretBits: number
  /** secretBits minus the bits of authentication key that the run used up. */
  netSecretBits: number
  /** Of runs with decoy states alone. */
  decoy?: DecoyStatistics
  stages: Stage[]
}

export type SessionPhase = 'proposal' | 'photons' | 'sifting' | 'estimation' | 'reconciliation' | 'amplification'

export interface SessionProgress extends Partial<SessionStatistics> {
  phase: SessionPhase
}

/** Probabilities that the key is not what it should be, and their sum. */
export interface SessionEpsilon {
  secrecy: number
  correctness: number
  authentication: number
  /** That more pulses held several photons than the key length allows for. */
  source: number
  total: number
}

export interface SessionSuccess extends SessionStatistics {
  aborted: false
  keyBits: number
  /** Secret; keyBits / 8 bytes. Not enumerable: spreading, JSON and logs leave it out, so hand it on by name. */
  readonly key: Uint8Array
  epsilon: SessionEpsilon
}

export interface SessionAbort extends Partial<SessionStatistics> {
  aborted: true
  reason: AbortReason
  /** Who ended the run: this end, or the other by its abort message. */
  by: 'us' | 'peer'
  /** The peer refused our very last message after we had our key. The key handed out before is void: throw it away. */
  withdrawn: boolean
  /** Of an `internal-error` alone: what was thrown, for whoever mends it. Not enumerable. */
  readonly cause?: unknown
}

export type SessionResult = SessionSuccess | SessionAbort

export interface SessionStep {
  /** Messages for the peer, to be sent in this order. */
  send: Uint8Array[]
  progress?: SessionProgress
  /** Present once, at the end of the run; a second time only for an abort with `withdrawn`. */
  done?: SessionResult
}

/** One end of one run. It does no I/O, never throws on what comes from the network, and is used once. */
export interface Session {
  /** What is to be sent before anything came: Alice's proposal, or nothing. */
  readonly first: SessionStep
  handle(message: Uint8Array): SessionStep
  /** Ends the run, for instance because the peer was silent for too long. */
  cancel(): SessionStep
  /** Bytes of chance that the next message may take at most; for `startResumable`. */
  readonly drawsNext: number
}

/** A result whose key is there for whoever asks for it by name, and for no one who prints it. */
export function withHiddenKey(result: Omit<SessionSuccess, 'key'>, key: Uint8Array): SessionSuccess {
  return Object.defineProperty({ ...result }, 'key', { value: key, enumerable: false }) as SessionSuccess
}
