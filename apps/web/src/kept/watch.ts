/** Fetched some seconds after the start, when the page has nothing more urgent to do. */
import { h, render } from 'preact'
import { ChangeBar } from './change-bar.tsx'
import { startKeeping } from './keeping.ts'

export function watch(document: Document): Promise<void> {
  const place = document.createElement('div')
  document.body.prepend(place)
  render(h(ChangeBar, {}), place)
  return startKeeping()
}
