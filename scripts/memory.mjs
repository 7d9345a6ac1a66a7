// What keeps the relay's memory near what it holds, measured in docs/relay-speed.md. Logging in makes garbage, and Node's
// defaults let 32 MiB of it be young; glibc gives each of OpenSSL's threads a heap of its own that seldom shrinks.
export const memoryFlags = ['--max-semi-space-size=4']
export const memoryEnv = { MALLOC_ARENA_MAX: '1' }
