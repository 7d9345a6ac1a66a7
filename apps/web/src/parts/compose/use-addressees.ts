/** Who can be written to alone, how they are called, and whether what is begun can go to them now. */
import { useRef } from 'preact/hooks'
import type { PersonView } from '../../client-gate.ts'
import { byPerson, isYou, type Namer } from '../../words/people.ts'
import { privateWords } from '../../words/private.ts'
import type { Option } from './addressing.tsx'
import { type Addressee, type Begun, textFor } from './begun.ts'

interface Addressees {
  /** Those who are here, and those who are gone for whom something is begun. */
  options: readonly Option[]
  /** Why what is begun cannot go to whom it is for. */
  blocked: string | undefined
  nameOf(person: string): string
  deviceOf(person: Addressee): PersonView['device'] | undefined
}

export function useAddressees(
  people: readonly PersonView[],
  nameOf: Namer,
  begun: Begun,
  wantsQuantum: boolean,
): Addressees {
  /** Who has left is still called by the name that they had. */
  const names = useRef(new Map<string, string>())
  const here = byPerson(people)
    .map(({ person }) => person)
    .filter((one) => !isYou(one) && one.person !== '')
  for (const one of here) names.current.set(one.person, nameOf(one))
  const called = (person: string): string => names.current.get(person) ?? privateWords.someone
  const isHere = (person: Addressee): boolean => here.some((one) => one.person === person)
  const { to, texts } = begun
  const begunFor = [...new Set([...texts.keys(), to])].filter(
    (one): one is string => one !== undefined && (one === to || textFor(begun, one) !== ''),
  )
  const gone = begunFor.filter((one) => !isHere(one))
  const options = [
    ...here.map(({ person }) => ({ person, name: called(person), gone: false })),
    ...gone.map((person) => ({ person, name: called(person), gone: true })),
  ]
  return {
    // Where nobody can be told anything, there is nothing to choose, unless something is begun already.
    options: wantsQuantum && begunFor.length === 0 ? [] : options,
    blocked: to === undefined ? undefined : blockedBy(called(to), isHere(to), wantsQuantum),
    nameOf: called,
    deviceOf: (person) => here.find((one) => one.person === person)?.device,
  }
}

function blockedBy(name: string, isHere: boolean, wantsQuantum: boolean): string | undefined {
  if (!isHere) return privateWords.gone(name)
  return wantsQuantum ? privateWords.quantum : undefined
}
