/** Problems that a person should see, wherever they arose. The bar at the top of the page draws them. */
import { type Signal, signal } from '@preact/signals'
import { otherFaultWords, refusedWords, storageFaultWords } from './words/faults.ts'
import { problemWords } from './words/problems.ts'

export interface Problem {
  id: number
  text: string
}

export const problems: Signal<readonly Problem[]> = signal([])

let lastId = 0
const shownAtOnce = 3

export function report(text: string): void {
  if (problems.value.some((problem) => problem.text === text)) return
  lastId++
  problems.value = [...problems.value, { id: lastId, text }].slice(-shownAtOnce)
}

export function dismiss(id: number): void {
  problems.value = problems.value.filter((problem) => problem.id !== id)
}

/** Waits for something that a person asked for; where it fails, says so in `words` and why. */
export function attempt(work: Promise<unknown>, words: string): void {
  work.catch((error: unknown) => report(`${words} ${reasonOf(error)}`.trim()))
}

/** A part of the page that is fetched where it is needed. Browsers keep to themselves whether its bytes were wrong. */
export function fetched<T>(part: Promise<T>): Promise<T> {
  return part.catch((cause: unknown) => {
    throw new SaidError(problemWords.noPart, { cause })
  })
}

/** An error of the page itself, whose message is in the reader's language. */
export class SaidError extends Error {
  override readonly name = 'SaidError'
}

/** The message of an error, as a sentence. Errors of ours are written for people and hold no secret. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message.trim() : ''
  if (message === '') return ''
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`
  if (error instanceof SaidError) return sentence
  // By their names: the core is loaded after the page.
  const { name, code } = error as { name: string; code?: unknown }
  if (name === 'RoomRefusal') return refusedWords(String(code), sentence)
  if (name === 'StorageError') return storageFaultWords(String(code), sentence)
  return otherFaultWords(sentence)
}

/** From now on an error that nobody caught is shown too. */
export function watchForProblems(target: Window): void {
  target.addEventListener('error', (event) => {
    // Chromium says this where an observer's work goes on in the next frame; nothing is lost by it.
    if (event.message.startsWith('ResizeObserver loop')) return
    report(`${problemWords.unexpected} ${reasonOf(event.error)}`.trim())
  })
  target.addEventListener('unhandledrejection', (event) => {
    report(`${problemWords.unexpected} ${reasonOf(event.reason)}`.trim())
  })
}
