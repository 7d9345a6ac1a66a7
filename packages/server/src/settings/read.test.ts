import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../test/harness.ts'
import { findDatabase, readConfig } from '../config.ts'
import { ConfigError, checked, readSettings } from './read.ts'
import { settings } from './table.ts'
import { settingsHelp, settingsTable } from './words.ts'

const page = path.resolve(import.meta.dirname, '../../../../docs/operations.md')

/** A settings file; what is no string is written as JSON. */
function fileOf(content: unknown, name = 'qsec.json'): string {
  const file = path.join(temporaryFolder(), name)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

function refusalOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message
  }
  throw new Error('it was taken')
}

it('[OP1] each setting refuses what it cannot be in one line that names it and says what it may be', () => {
  for (const setting of Object.values(settings)) {
    const { name, range } = setting
    for (const bad of ['\u0000', 'a\nb: forged\u001b[2J', '-1\n']) {
      const message = refusalOf(() => readSettings({ [name]: bad }, []))
      expect(message).toContain(`${name} must be ${range}`)
      expect(message).not.toMatch(/\p{Cc}/u)
      const inFile = refusalOf(() => readSettings({}, ['--config', fileOf({ [name]: bad })]))
      expect(inFile).toContain(`${name} in `)
      expect(inFile).toContain(range)
    }
    expect(setting.parse(setting.fallback), name).toBeDefined()
  }
})

it('[OP1] a name that does not exist is refused, in the environment and in the file', () => {
  for (const name of ['QSEC_KEEP_DAY', 'QSEC_keep_days', 'QSEC3_DB', 'QSEC']) {
    expect(refusalOf(() => readSettings({ [name]: '1' }, []))).toContain(name)
  }
  for (const name of ['QSEC_KEEP_DAY', 'port', '__proto__', 'constructor', '']) {
    expect(refusalOf(() => readSettings({}, ['--config', fileOf(`{${JSON.stringify(name)}: 1}`)]))).toContain(name)
  }
  expect(readSettings({ QSEC_TEST_POSTGRES_URL: 'x', QSEC_CHROMIUM: '/x', PATH: '/bin', QSE: '' }, []).port).toBe(5000)
})

it('[OP1] a settings file that is none is refused, and one that is named has to be there', () => {
  const folder = temporaryFolder()
  expect(refusalOf(() => readSettings({}, ['--config', path.join(folder, 'no.json')]))).toContain('no.json')
  expect(refusalOf(() => readSettings({}, ['--config', folder]))).toContain(folder)
  expect(refusalOf(() => readSettings({}, ['--config']))).toContain('settings file')
  for (const source of ['', '{"PORT": 1', '[]', 'null', '7', `{"PORT": "${'1'.repeat(70_000)}"}`]) {
    const message = refusalOf(() => readSettings({}, ['--config', fileOf(source)]))
    expect(message).toContain('qsec.json')
    expect(message).not.toMatch(/\n/)
  }
  for (const value of [true, null, {}, [1], 1.5, -1, 1e21]) {
    expect(refusalOf(() => readSettings({}, ['--config', fileOf({ PORT: value })]))).toContain('PORT')
  }
})

it('[OP1] what is secret is not repeated where it is refused', () => {
  const words = (setting: object) => refusalOf(() => checked({ ...settings.host, ...setting }, 'open sesame', 'X'))
  expect(words({})).toContain('open sesame')
  expect(words({ isSecret: true })).toBe('X must be an address or a name of this machine.')
})

it('[OP2] an option counts before the environment, that before the file, and that before the default', () => {
  const config = fileOf({ PORT: 1, QSEC_KEEP_DAYS: '3', QSEC_ORIGINS: ['https://a.example', 'https://b.example'] })
  const port = (environment: Record<string, string>, args: string[]) => readSettings(environment, args).port
  expect(port({}, [])).toBe(5000)
  expect(port({}, ['--config', config])).toBe(1)
  expect(port({ PORT: '2' }, [`--config=${config}`])).toBe(2)
  expect(port({ PORT: '2' }, ['--port=3', '--config', config])).toBe(3)
  expect(port({ PORT: '' }, ['--config', config])).toBe(1)
  expect(readConfig({}, ['--config', config]).relay).toMatchObject({
    origins: ['https://a.example', 'https://b.example'],
    limits: { keepDaysAtMost: 3 },
  })
})

it('[OP2] a path in the file counts from the folder of the file, and programs beside the relay find its database', () => {
  const config = fileOf({ QSEC_DATA_DIR: 'd' })
  expect(findDatabase({}, config)).toBe(path.join(path.dirname(config), 'd', 'qsec2.db'))
  expect(findDatabase({ QSEC_DATA_DIR: 'e' }, config)).toBe(path.join('e', 'qsec2.db'))
  expect(findDatabase({ QSEC2_DB: 'x.db' }, config)).toBe('x.db')
  expect(findDatabase({})).toBe(path.join('data', 'qsec2.db'))
})

it('[OP3] the page of the operator and the help have every setting, as the table has it', () => {
  const source = readFileSync(page, 'utf8')
  expect(source).toContain(`| --- | --- | --- | --- |\n${settingsTable()}\n\n`)
  for (const { name } of Object.values(settings)) expect(settingsHelp()).toMatch(new RegExp(`^ {2}${name} `, 'm'))
  for (const line of settingsHelp().split('\n')) expect(line.length).toBeLessThanOrEqual(120)
})

it('[OP3] the settings file on the page is one', () => {
  const [, example = ''] = /```json settings\n(.*?)\n```/s.exec(readFileSync(page, 'utf8')) ?? []
  expect(readSettings({}, ['--config', fileOf(example)])).toMatchObject({ port: 8080, keepDays: 7 })
})
