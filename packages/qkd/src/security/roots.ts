/**
 * Where a function that is positive at `from` stops being so, by bisection.
 *
 * @param positive - true from `from` up to one place, false from there to `to`
 * @returns the largest place found at which it holds; `to` if it holds there too
 */
export function lastPositive(positive: (x: number) => boolean, from: number, to: number, tolerance: number): number {
  if (positive(to)) return to
  let inside = from
  let outside = to
  while (outside - inside > tolerance) {
    const middle = (inside + outside) / 2
    if (middle <= inside || middle >= outside) break // neighbours among the floating-point numbers
    if (positive(middle)) inside = middle
    else outside = middle
  }
  return inside
}
