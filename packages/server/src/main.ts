/** Starts the relay: `node packages/server/src/main.ts [--port N] [--config FILE]`. */
import { serve } from './program.ts'
import { ConfigError } from './settings/read.ts'

serve(process.env, process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof ConfigError) console.error(error.message)
  else console.error(error)
  process.exitCode = 1
})
