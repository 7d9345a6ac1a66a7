/** The start page: a name, perhaps a room, and in. */
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { cleanName, kindOf, parseExpected, readTypedRoom, type TypedRoom } from '../address.ts'
import type { Journey } from '../journey.ts'
import { AboutButton } from '../kept/about-button.tsx'
import { suggestName } from '../names.ts'
import { Refusal } from '../parts/ask-button.tsx'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icon.tsx'
import { LanguageChoice } from '../parts/language-choice.tsx'
import { lazy } from '../parts/lazy.tsx'
import { Mark } from '../parts/mark.tsx'
import { useAsk } from '../parts/use-ask.ts'
import { knownRelay } from '../relay.ts'
import { homeWords } from '../words/home.ts'

const Rooms = lazy(async () => (await import('./rooms.tsx')).Rooms)

interface Errors {
  name?: string
  room?: string
  expected?: string
}

export function Home({ journey }: { journey: Journey }): JSX.Element {
  const [name, setName] = useState(suggestName)
  const [room, setRoom] = useState('')
  const [expected, setExpected] = useState('')
  const [errors, setErrors] = useState<Errors>({})
  const ask = useAsk(homeWords.noRoom)
  const form = useRef<HTMLFormElement>(null)
  const typed = readTypedRoom(room, location.origin, knownRelay.value)

  function submit(): void {
    if (ask.busy) return
    const found = check(name, typed, expected)
    setErrors(found.errors)
    if (!found.ok) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
      return
    }
    if (found.ticket === undefined) void ask.put(() => journey.create(found.person))
    else journey.join({ ...found.ticket, ...found.person })
  }

  return (
    <main class="home">
      <header class="home-head">
        <Mark />
        <h1>{homeWords.title}</h1>
        <p>{homeWords.sentence}</p>
      </header>
      {journey.keeper.mayHaveRooms() && <Rooms keeper={journey.keeper} onOpen={journey.open} />}
      <form
        class="card"
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Field label={homeWords.name} value={name} onInput={setName} error={errors.name} />
        <div class="field-row">
          <Field
            label={homeWords.room}
            note={homeWords.optional}
            value={room}
            onInput={setRoom}
            hint={homeWords.roomHint}
            error={errors.room}
          />
          <Field
            label={homeWords.expected}
            note={homeWords.optional}
            value={expected}
            onInput={setExpected}
            hint={homeWords.expectedHint}
            error={errors.expected}
            numeric
          />
        </div>
        <button type="submit" class="button primary wide" aria-busy={ask.busy}>
          {room.trim() === '' ? homeWords.create : homeWords.join}
        </button>
        <p class="home-kind" aria-live="polite">
          <Icon name={isOpen(typed) ? 'open' : 'lock'} />
          <span>{ask.busy ? homeWords.creating : isOpen(typed) ? homeWords.openIsOpen : homeWords.closedIsClosed}</span>
        </p>
        <Refusal ask={ask} />
      </form>
      <section class="home-sees" aria-labelledby="sees">
        <h2 id="sees">{homeWords.seesTitle}</h2>
        <p>{homeWords.sees}</p>
      </section>
      <div class="home-foot">
        <button type="button" class="button home-device" onClick={journey.device}>
          <Icon name="device" />
          {homeWords.device}
        </button>
        <AboutButton />
        <LanguageChoice />
      </div>
    </main>
  )
}

type Checked =
  | { ok: false; errors: Errors }
  | {
      ok: true
      errors: Errors
      person: { name: string; expected?: number }
      ticket?: Extract<TypedRoom, { type: 'room' }>
    }

/** Holds what was typed against the rules of the page. */
function check(typedName: string, typed: TypedRoom, typedExpected: string): Checked {
  const errors: Errors = {}
  const name = cleanName(typedName)
  const expected = parseExpected(typedExpected)
  if (name === '') errors.name = homeWords.nameMissing
  if (typed.type === 'not-understood') errors.room = homeWords.roomNotUnderstood
  if (typed.type === 'elsewhere') errors.room = homeWords.roomElsewhere(typed.host)
  if (typedExpected.trim() !== '' && expected === undefined) errors.expected = homeWords.expectedBad
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  return {
    ok: true,
    errors,
    person: { name, ...(expected !== undefined && { expected }) },
    ...(typed.type === 'room' && { ticket: typed }),
  }
}

function isOpen(typed: TypedRoom): boolean {
  return typed.type === 'room' && kindOf(typed.address) === 'open'
}
