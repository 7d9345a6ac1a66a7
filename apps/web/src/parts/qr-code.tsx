/** A link as a picture for another device's camera. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { report } from '../problems.ts'
import { inviteWords } from '../words/invite.ts'

type Modules = readonly (readonly boolean[])[]

/** The empty frame that readers need around the code, in modules. */
const quietZone = 4

export function QrCode({ text }: { text: string }): JSX.Element {
  const [modules, setModules] = useState<Modules>()
  useEffect(() => {
    let wanted = true
    // The encoder is large beside the rest of the page, and most visits never see a code.
    import('qr').then(
      ({ encodeQR }) => wanted && setModules(encodeQR(text, 'raw', { ecc: 'medium', border: quietZone })),
      () => wanted && report(inviteWords.noQr),
    )
    return () => {
      wanted = false
    }
  }, [text])
  return modules === undefined ? <div class="qr" /> : <QrPicture modules={modules} />
}

export function QrPicture({ modules }: { modules: Modules }): JSX.Element {
  const size = modules.length
  return (
    <svg class="qr" role="img" aria-label={inviteWords.qr} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <rect class="qr-light" width={size} height={size} />
      <path class="qr-dark" d={darkBars(modules)} />
    </svg>
  )
}

/** Each row's dark runs as one bar. */
function darkBars(modules: Modules): string {
  const bars: string[] = []
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const start = x
      while (row[x + 1]) x++
      bars.push(`M${start} ${y}h${x + 1 - start}v1h${start - x - 1}z`)
    }
  })
  return bars.join('')
}
