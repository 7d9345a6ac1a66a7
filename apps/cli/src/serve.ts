/** `qsec serve`: the relay, with the environment that `npm start` gives it too. */
import { ConfigError, serve as serveRelay } from '@qsec/server'
import { type Command, CommandFailed } from './command.ts'
import { readFlags } from './flags.ts'

export const serve: Command = {
  help: `qsec serve [--port N]: starts the relay and, where it has been built, serves the web client.

  --port N   where to listen (default: PORT, else 5000; 0 takes any free one)

Environment: PORT, HOST (127.0.0.1), QSEC_DATA_DIR (data), QSEC2_DB (file of the database), QSEC_ORIGINS.
It says on stdout where it serves. Ctrl-C ends it. npm start does the same and builds the web client first.

Examples:
  qsec serve
  QSEC_DATA_DIR=/var/lib/qsec qsec serve --port 8080`,

  async run(args) {
    readFlags('serve', args, { port: { type: 'string' } })
    try {
      await serveRelay(process.env, args)
    } catch (error) {
      if (error instanceof ConfigError) throw new CommandFailed(error.message, { cause: error })
      throw error
    }
    // The relay ends the process by itself, on a signal.
    return new Promise<number>(() => undefined)
  },
}
