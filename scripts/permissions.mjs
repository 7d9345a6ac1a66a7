// What a relay that `npm start` starts may touch, in the words of Node's permission model: it reads its own code, and reads
// and writes its data. It starts no program, no worker and no add-on. SQLite opens its file past this model, and Node 24
// has no permission for the network: the service of deploy/ bounds both.
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'

/**
 * @param root - folder of the code
 * @param args - arguments of the relay
 * @param env - its environment
 * @param cache - folder for compiled code
 */
export function permissionFlags(root, args, env, cache) {
  const file = given(args, 'config') ?? 'qsec.json'
  const settings = { ...readSettings(file), ...env }
  const data = path.resolve(settings.QSEC_DATA_DIR || 'data')
  const database = settings.QSEC2_DB ? path.dirname(path.resolve(settings.QSEC2_DB)) : data
  const files = [file, given(args, 'cert'), given(args, 'key')].flatMap((one) =>
    one === undefined ? [] : reachOf(one),
  )
  return [
    '--permission',
    ...wholly('read', [root, data, database, cache]),
    ...[...new Set(files)].map((one) => `--allow-fs-read=${one}`),
    ...wholly('write', [data, database, cache]),
  ]
}

/** A folder that is still to be made, and all that is in it: two grants in the words of the model. */
function wholly(right, folders) {
  return [...new Set(folders)].flatMap((folder) =>
    [folder, `${folder}${path.sep}*`].map((one) => `--allow-fs-${right}=${one}`),
  )
}

function given(args, name) {
  const at = args.indexOf(`--${name}`)
  return at < 0 ? args.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3) : args[at + 1]
}

/** Certificates are often links to the newest of several files: the name, and the folder that it leads to. */
function reachOf(file) {
  const name = path.resolve(file)
  return existsSync(name) ? [name, `${path.dirname(realpathSync(name))}${path.sep}`] : [name]
}

/** Paths in the settings file count from its folder. What is wrong with it the relay says. */
function readSettings(file) {
  try {
    const settings = JSON.parse(readFileSync(file, 'utf8'))
    const from = path.dirname(path.resolve(file))
    const paths = ['QSEC_DATA_DIR', 'QSEC2_DB'].filter((name) => typeof settings?.[name] === 'string')
    return Object.fromEntries(paths.map((name) => [name, path.resolve(from, settings[name])]))
  } catch {
    return {}
  }
}
