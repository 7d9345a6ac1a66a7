/** `qsec demo`: a whole room in one process, played and checked. */
import type { Command } from '../command.ts'
import { readFlags } from '../flags.ts'
import { say } from '../output.ts'
import { play } from './play.ts'
import { Stage, type StepResult } from './stage.ts'

export const demo: Command = {
  help: `qsec demo [--json]: plays a whole room on this machine and checks every step.

It starts a relay on a free port with a temporary database. Ana, Ben and Cleo, each a real client, make a closed room,
talk, run BB84 over simulated quantum links, meet an eavesdropper, let Dan in and see Ben leave. In the end the
relay's database is searched for every text, name and secret. Nothing is left behind, nothing leaves this machine.

  --json   one JSON document: {"ok", "ms", "steps": [{"name", "ok", "ms", "detail"}]}

It takes about half a minute. Exit code 0 only if all of it truly happened; otherwise 1, and the first step that failed.

Examples:
  qsec demo
  qsec demo --json | jq .ok`,

  async run(args) {
    const { values } = readFlags('demo', args, { json: { type: 'boolean', default: false } })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
    if (!values.json) say('QSEC demo: one relay and real clients, all in this process.\n')
    const stage = new Stage(values.json ? () => undefined : (step) => say(stepWords(step)))
    const startMs = performance.now()
    const failure = await play(stage).then(
      () => undefined,
      (error: unknown) => error,
    )
    const ms = Math.round(performance.now() - startMs)
    if (values.json) say(JSON.stringify({ ok: failure === undefined, ms, steps: stage.steps }))
    if (failure !== undefined) throw failure
    if (!values.json) say(`\nAll ${stage.steps.length} steps came true, in ${seconds(ms)}.`)
    return 0
  },
}

/** The tick, the time, and below it what was seen. */
function stepWords({ name, ok, ms, detail }: StepResult): string {
  const line = `${ok ? '✓' : '✗'} ${name}`.padEnd(66)
  return ok ? `${line}${seconds(ms).padStart(8)}\n    ${detail}` : line.trimEnd()
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
