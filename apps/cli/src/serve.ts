/** `qsec serve`: the relay, with the settings that `npm start` gives it too. */
import { ConfigError, serve as serveRelay, settingFlags, settingsHelp } from '@qsec/server'
import { type Command, CommandFailed } from './command.ts'
import { pathFromHere, readFlags } from './flags.ts'

/** Options that name files, from the folder where the command was typed. */
const paths = ['config', 'cert', 'key']

export const serve: Command = {
  help: `qsec serve [--port N] [--config FILE]: starts the relay and, where it has been built, serves the web client.

  --port N        where to listen, as PORT does
  --config FILE   the settings file (default: qsec.json, if it is there)
  --lan           for the local network: TLS under a certificate of its own, and a guide to it on plain HTTP
  --public NAME   for the world, by that name: behind a proxy, or with --cert FILE --key FILE (PEM)

Settings, in the environment or, under the same names, in the settings file; an option counts before the
environment, and that before the file:

${settingsHelp()}

It says on stdout where it serves. Ctrl-C ends it. npm start builds the web client first, and runs
this under Node's permission model.

Examples:
  qsec serve
  QSEC_DATA_DIR=/var/lib/qsec qsec serve --port 8080
  qsec serve --config /etc/qsec/qsec.json`,

  async run(args) {
    const names = [...settingFlags, 'public', ...paths]
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
    const { values } = readFlags('serve', args, { ...options, lan: { type: 'boolean' } })
    const given = Object.entries(values).flatMap(([name, value]) => {
      if (name === 'lan') return value === true ? ['--lan'] : []
      const text = String(value)
      return `--${name}=${paths.includes(name) ? pathFromHere(text) : text}`
    })
    try {
      await serveRelay(process.env, given)
    } catch (error) {
      if (error instanceof ConfigError) throw new CommandFailed(error.message, { cause: error })
      throw error
    }
    // The relay ends the process by itself, on a signal.
    return new Promise<number>(() => undefined)
  },
}
