import { lastPositive } from './roots.ts'

/**
 * The largest distance with a positive rate, to 1e-6 km, by bisection.
 *
 * @param ratePerPulse - of a distance in km; once 0 it stays 0
 * @param limitKm - returned if the rate is positive even there
 * @returns 0 if there is no rate at all
 */
export function reachKm(ratePerPulse: (distanceKm: number) => number, limitKm = 1000): number {
  return ratePerPulse(0) > 0 ? lastPositive((km) => ratePerPulse(km) > 0, 0, limitKm, 1e-6) : 0
}
