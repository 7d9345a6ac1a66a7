/** Everything that is fuzzed: by properties in `npm test`, guided by coverage in `npm run soak -- fuzz`. */
import { clientTargets } from './client.ts'
import { mlsTargets } from './mls.ts'
import { programsTargets } from './programs.ts'
import { protocolTargets } from './protocol.ts'
import { qkdTargets } from './qkd.ts'
import type { Target } from './target.ts'

/** By the files that they stand in, each of which exports them as `<file>Targets`. */
export const targetsByFile: Readonly<Record<string, readonly Target[]>> = {
  protocol: protocolTargets,
  client: clientTargets,
  mls: mlsTargets,
  qkd: qkdTargets,
  programs: programsTargets,
}

export const targets: readonly Target[] = Object.values(targetsByFile).flat()
