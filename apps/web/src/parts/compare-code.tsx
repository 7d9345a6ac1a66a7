/** The code of two people: as a picture to scan, through the camera, or as 60 digits to read out or paste. */
import type { JSX } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import type { PersonView, RoomClient, VerifiedHow } from '../client-gate.ts'
import { reasonOf, report } from '../problems.ts'
import { problemWords } from '../words/problems.ts'
import { scanWords, verifyWords } from '../words/verify.ts'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'
import { QrCode } from './qr-code.tsx'
import { hasCamera, Scanner } from './scanner.tsx'

interface Props {
  client: RoomClient
  device: PersonView['device']
  /** The person has compared the number with their own eyes or ears. */
  onConfirm(how: VerifiedHow, matched: boolean): void
  /** The program has compared, and noted it. */
  onChecked(matched: boolean): void
}

export function CompareCode({ client, device, onConfirm, onChecked }: Props): JSX.Element | null {
  const number = useMemo(() => client.safetyNumber(device), [client, device])
  const [scanning, setScanning] = useState(false)
  const busy = useRef(false)
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<{ of: 'scan' | 'number'; words: string }>()
  if (number === undefined) return null

  async function check(of: 'scan' | 'number', text: string): Promise<void> {
    if (busy.current) return // the camera sees one code many times
    busy.current = true
    try {
      const result = await client.scan(device, text)
      if (result === 'match' || result === 'mismatch') {
        onChecked(result === 'match')
        return
      }
      setProblem({ of, words: scanWords(result) })
    } catch (error) {
      report(`${problemWords.noVerify} ${reasonOf(error)}`.trim())
    }
    busy.current = false
  }

  return (
    <>
      <section class="verify-part" aria-labelledby="compare-scan">
        <h3 id="compare-scan">{verifyWords.scan}</h3>
        <p class="panel-help">{verifyWords.scanHelp}</p>
        {scanning ? (
          <Scanner
            onText={(text) => void check('scan', text)}
            onFailed={() => {
              setScanning(false)
              setProblem({ of: 'scan', words: verifyWords.noCamera })
            }}
          />
        ) : (
          <QrCode text={number.scan} />
        )}
        <p class="field-error" role="alert">
          {problem?.of === 'scan' && problem.words}
        </p>
        {hasCamera() && (
          <div class="actions">
            <button type="button" class="button" onClick={() => setScanning(!scanning)}>
              <Icon name="camera" />
              {scanning ? verifyWords.scanStop : verifyWords.scanStart}
            </button>
          </div>
        )}
      </section>
      <section class="verify-part" aria-labelledby="compare-number">
        <h3 id="compare-number">{verifyWords.number}</h3>
        <p class="panel-help">{verifyWords.numberHelp}</p>
        <p class="digits">{number.digits}</p>
        <div class="actions">
          <button type="button" class="button" onClick={() => onConfirm('number', true)}>
            {verifyWords.match}
          </button>
          <button type="button" class="button danger" onClick={() => onConfirm('number', false)}>
            {verifyWords.noMatch}
          </button>
        </div>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            void check('number', typed)
          }}
        >
          <Field
            label={verifyWords.theirs}
            value={typed}
            onInput={(value) => {
              setTyped(value)
              setProblem(undefined)
            }}
            error={problem?.of === 'number' ? problem.words : undefined}
          />
          <div class="actions">
            <button type="submit" class="button">
              {verifyWords.check}
            </button>
          </div>
        </form>
      </section>
    </>
  )
}
