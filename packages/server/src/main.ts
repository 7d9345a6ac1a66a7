/** Starts the relay: `node packages/server/src/main.ts [--port N]`. */
import { ConfigError } from './config.ts'
import { serve } from './program.ts'

serve(process.env, process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof ConfigError) console.error(error.message)
  else console.error(error)
  process.exitCode = 1
})
