// What keeps the relay's memory near what it holds, measured in docs/relay-speed.md. Logging in makes garbage, which Node's
// defaults let lie for long; glibc gives each of OpenSSL's threads a heap of its own that seldom shrinks.
export const memoryFlags = ['--max-semi-space-size=4']
export const memoryEnv = { MALLOC_ARENA_MAX: '1' }
