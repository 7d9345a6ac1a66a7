import { expect, it, vi } from 'vitest'
import { scriptUrl, startQuantumWorker } from './trusted-types.ts'

it('[WB22] an address that is not on the list is refused', () => {
  expect(() => scriptUrl('https://evil.example/worker.js')).toThrow(TypeError)
  expect(() => scriptUrl('/assets/other.js')).toThrow(TypeError)
  expect(() => scriptUrl('/assets/other.worker-abc.js')).toThrow(TypeError)
})

it('[WB32] the quantum worker is started from its built address, as a module', () => {
  const started: unknown[] = []
  vi.stubGlobal(
    'Worker',
    class {
      constructor(...how: unknown[]) {
        started.push(how)
      }
    },
  )
  startQuantumWorker()
  vi.unstubAllGlobals()
  expect(started).toEqual([[expect.stringContaining('quantum.worker'), { type: 'module', name: 'quantum' }]])
})
