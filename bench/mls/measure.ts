/** CPU and wall time of one piece of work, the median of several rounds. CPU time counts every thread of the process. */
export interface Took {
  cpuMs: number
  wallMs: number
}

export async function took<T>(work: () => Promise<T>): Promise<[Took, T]> {
  globalThis.gc?.()
  const wall = performance.now()
  const cpu = process.cpuUsage()
  const result = await work()
  const used = process.cpuUsage(cpu)
  return [{ cpuMs: (used.user + used.system) / 1000, wallMs: performance.now() - wall }, result]
}

/** `work` must be repeatable: it is run once more than counted, so that its code is compiled. */
export async function medianOf(rounds: number, work: () => Promise<unknown>): Promise<Took> {
  await work()
  const all: Took[] = []
  for (let i = 0; i < rounds; i++) all.push((await took(work))[0])
  return { cpuMs: median(all.map(({ cpuMs }) => cpuMs)), wallMs: median(all.map(({ wallMs }) => wallMs)) }
}

export function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
}

export function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
