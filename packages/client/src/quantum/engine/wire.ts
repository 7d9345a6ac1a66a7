/** What a page and its quantum worker say to each other. Both come from one build: nothing here is parsed. */
import type { BeginRun, RunStep } from '../../ports.ts'

export type ToWorker =
  | { type: 'begin'; run: number; options: BeginRun }
  | { type: 'handle'; run: number; message: Uint8Array<ArrayBuffer> }
  | { type: 'cancel'; run: number }
  | { type: 'release'; run: number }

/** One for each of the first three. The key travels beside the step: a structured clone leaves hidden properties out. */
export interface FromWorker {
  run: number
  step: RunStep
  key?: Uint8Array<ArrayBuffer>
}
