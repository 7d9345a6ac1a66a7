/**
 * Names as they are compared while one is typed: without accents, hamza or case. The search of messages compares more
 * (`find/fold.ts` of the client); it is too heavy for the start.
 */
export function bare(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
