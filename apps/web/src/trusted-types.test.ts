import { expect, it } from 'vitest'
import { scriptUrl } from './trusted-types.ts'

it('[WB22] an address that is not on the list is refused', () => {
  expect(() => scriptUrl('https://evil.example/worker.js')).toThrow(TypeError)
  expect(() => scriptUrl('/assets/other.js')).toThrow(TypeError)
})
