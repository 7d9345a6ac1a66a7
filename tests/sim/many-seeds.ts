/** Many seeds of a simulation, told as they go: for `npm run soak`. */
/** @param args - how many seeds, and the first of them; without it one that nobody has chosen */
export async function runSeeds(
  simulate: (seed: number) => Promise<{ violations: string[]; deserted?: boolean }>,
  args: readonly string[],
  usually: number,
): Promise<void> {
  const [many = usually, first = 1_000 + (Date.now() % 1_000_000_000)] = args.map(Number)
  if (!Number.isSafeInteger(many) || many < 1 || !Number.isSafeInteger(first) || first < 0) {
    throw new Error('soak: it takes how many seeds, and the first of them, as whole numbers')
  }
  const toldEvery = Math.max(1, Math.floor(many / 20))
  let [broken, deserted] = [0, 0]
  console.log(`seeds ${first} to ${first + many - 1}`)
  for (let i = 0; i < many; i++) {
    const seed = first + i
    const outcome = await simulate(seed)
    if (outcome.deserted) deserted++
    if (outcome.violations.length > 0) {
      broken++
      console.log(`seed ${seed}: ${outcome.violations.slice(0, 3).join('; ')}`)
    }
    if ((i + 1) % toldEvery === 0) console.log(`${i + 1} of ${many}, ${broken} broken, ${deserted} deserted`)
  }
  process.exitCode = broken === 0 ? 0 : 1
}
