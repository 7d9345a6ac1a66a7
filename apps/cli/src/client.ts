/** `qsec client`: serves the web client by itself, for a relay somewhere else. */
import { isRelayOrigin, manifestHash } from '@qsec/client/release'
import { serveClient } from '@qsec/server'
import { type Command, CommandFailed, UsageError } from './command.ts'
import { pathFromHere, readFlags, wholeNumber } from './flags.ts'
import { oneLine, say, sayError } from './output.ts'
import { builtFolder, openReleaseFolder, verdictWords } from './release/folder.ts'
import { readKey, refuseOther } from './release/keys.ts'
import { untilSignal } from './until-signal.ts'

export const client: Command = {
  help: `qsec client --relay ORIGIN [options]: serves the web client alone, on this machine. The relay has no say in it
that runs in your browser; it only carries what is sealed.

  --relay ORIGIN   the relay, for instance https://chat.example.org. It has to allow this page: QSEC_ORIGINS
  --port N         where to listen (default 5001; 0 takes any free one)
  --folder FOLDER  the build (default: what npm start has built)
  --key FILE       public key of the release: without its signature nothing is served

Before it serves, it holds the folder against its own list of files. Ctrl-C ends it.

Examples:
  qsec client --relay https://chat.example.org
  qsec client --relay https://chat.example.org --folder ~/qsec-1.2.0 --key qsec.pub`,

  async run(args) {
    const options = {
      relay: { type: 'string' },
      port: { type: 'string', default: '5001' },
      folder: { type: 'string' },
      key: { type: 'string' },
    } as const
    const { values } = readFlags('client', args, options)
    const { relay } = values
    if (relay === undefined || !isRelayOrigin(relay)) {
      throw new UsageError('--relay must be an origin such as https://chat.example.org. See: qsec client --help')
    }
    const port = wholeNumber('--port', values.port, 0, 65_535)
    const key = values.key === undefined ? undefined : readKey(pathFromHere(values.key))
    const release = await openReleaseFolder(values.folder === undefined ? builtFolder : pathFromHere(values.folder))
    if (key) refuseOther(release.verdict, key, release.folder)
    const running = await serveClient({ webRoot: release.folder, relay, port }).catch((error: Error) => {
      throw new CommandFailed(`The client cannot be served on port ${port}: ${oneLine(error.message)}.`, {
        cause: error,
      })
    })
    say(`QSEC's client is on ${running.url}, for the relay ${relay}`)
    sayError(`Version ${release.list.version}, ${manifestHash(release.listBytes)}, ${verdictWords(release.verdict)}.`)
    sayError(`The relay has to allow this page: QSEC_ORIGINS=${running.url}`)
    await untilSignal()
    await running.close()
    return 0
  },
}
