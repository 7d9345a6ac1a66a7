/**
 * What follows the differences in a question: for each frame that has nothing left to search, what to search next.
 *
 *     done
 *     first  a bit for each block of the first pass: whether it differs. All that do are searched.
 *     again  pass, number of leaves, gaps between their starts
 *     check  number of the check, number of leaves, gaps between their starts
 */
export const operation = { done: 0, first: 1, again: 2, check: 3 } as const
