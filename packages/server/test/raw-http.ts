/** HTTP as it stands on the wire: `fetch` would tidy up what a test wants to send. */
import { connect } from 'node:net'

/** What comes back after `text`, until the other side ends the connection. */
export function talk(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'))
    let heard = ''
    socket.setEncoding('latin1').on('data', (data) => {
      heard += data
    })
    socket.on('close', () => resolve(heard))
    socket.on('error', reject)
  })
}

/** Status and headers at the beginning of `heard`, names in lower case; a name that stands twice is a mistake. */
export function headersIn(heard: string): { status: number; headers: Record<string, string> } {
  const [first = '', ...lines] = heard.split('\r\n\r\n', 1)[0]!.split('\r\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [, name, value] = /^([^:]+): ?(.*)$/.exec(line) ?? []
    if (name === undefined || name.toLowerCase() in headers) throw new Error(`not a header, or twice: ${line}`)
    headers[name.toLowerCase()] = value!
  }
  return { status: Number(first.split(' ')[1]), headers }
}
