/** The page's own start: takes the client's gate and draws. */
import { realGate } from './client-gate.ts'
import { start } from './start.tsx'
import './trusted-types.ts'

start(realGate())
