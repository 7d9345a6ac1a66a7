/** What the laboratory asks of its worker, and what comes back. Nothing here is secret: the key itself stays behind. */

export interface LabSettings {
  /** Pulses that Alice sends. */
  pulses: number
  distanceKm: number
  /** Share of the pulses that Eve measures and sends on; 0: she is not there. */
  eveShare: number
}

export interface LabStage {
  name: string
  bits: number
}

/** One photon of the slow motion, as all three saw it. */
export interface LabPhoton {
  aliceBit: number
  aliceBasis: 'z' | 'x'
  eve?: { basis: 'z' | 'x'; bit: number }
  bobBasis: 'z' | 'x'
  /** Undefined where nothing arrived. */
  bobBit?: number
}

export interface LabResult {
  settings: LabSettings
  /** Compared bits that differ, as a ratio; undefined where too little arrived to compare. */
  qber?: number
  threshold: number
  /** Why there is no key, as `AbortReason`; undefined where there is one. */
  refused?: string
  secretBits: number
  /** Secret bits in a second, at the pulse rate of the simulated source. */
  bitsPerSecond: number
  stages: LabStage[]
  photons: LabPhoton[]
}
