/** Binomial and multinomial numbers: what nobody looked at one by one is drawn at the end, all at once. */

// ln(n!) less Stirling's leading terms; the next term of the series is below 1e-12 from n = 16 on.
function stirlingRest(n: number): number {
  if (n < 16) {
    let factorial = 1
    for (let i = 2; i <= n; i++) factorial *= i
    return n === 0 ? 0 : Math.log(factorial) - (n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2)
  }
  const square = n * n
  return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / n
}

/** Written with deviations from the mean, so that no large logarithms cancel. */
function probabilityOf(successes: number, trials: number, p: number): number {
  const failures = trials - successes
  if (successes === 0) return Math.exp(trials * Math.log1p(-p))
  if (failures === 0) return Math.exp(trials * Math.log(p))
  const more = successes - trials * p
  const exponent =
    stirlingRest(trials) -
    stirlingRest(successes) -
    stirlingRest(failures) -
    successes * Math.log1p(more / (trials * p)) -
    failures * Math.log1p(-more / (trials * (1 - p)))
  return Math.exp(exponent) * Math.sqrt(trials / (2 * Math.PI * successes * failures))
}

/**
 * Successes among so many trials, exact but for rounding. By inversion, taking outcomes in turns on both sides of the
 * most likely one: about as many steps as the standard deviation.
 *
 * @param trials - whole, at most 2^31
 */
export function binomial(trials: number, p: number, random: () => number): number {
  if (trials === 0 || p <= 0) return 0
  if (p >= 1) return trials
  const odds = p / (1 - p)
  const mode = Math.min(trials, Math.floor((trials + 1) * p))
  const atMode = probabilityOf(mode, trials, p)
  let left = random() - atMode
  if (left < 0) return mode
  let below = mode
  let above = mode
  let belowProbability = atMode
  let aboveProbability = atMode
  while (belowProbability > 0 || aboveProbability > 0) {
    aboveProbability *= (odds * (trials - above)) / (above + 1)
    above++
    left -= aboveProbability
    if (left < 0) return above
    if (below > 0) {
      belowProbability *= below / (odds * (trials - below + 1))
      below--
      left -= belowProbability
      if (left < 0) return below
    } else belowProbability = 0
  }
  return mode
}

/** Spreads so many trials over cells by their weights, and adds what falls on each to `into`. */
export function spread(trials: number, weights: Float64Array, into: Float64Array, random: () => number): void {
  // Sums from the end, so that the last cell with any weight gets exactly the rest.
  const fromHere = new Float64Array(weights.length + 1)
  for (let cell = weights.length - 1; cell >= 0; cell--) fromHere[cell] = fromHere[cell + 1]! + weights[cell]!
  for (let cell = 0, left = trials; cell < weights.length && left > 0; cell++) {
    if (weights[cell] === 0) continue
    const here = binomial(left, weights[cell]! / fromHere[cell]!, random)
    into[cell]! += here
    left -= here
  }
}
