/** The application over a fake gate. */
import { start } from '../src/start.tsx'
import { fakeGate } from './fake-gate.ts'
import { sceneOf } from './scenes.ts'
import '../src/trusted-types.ts'

start(fakeGate(sceneOf(location.search)))
