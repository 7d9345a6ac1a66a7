/**
 * What somebody would try who got a word into the page. Each attempt calls `done` with its own name if it comes through; the
 * test runs them all in a page without a policy too, where every one of them must.
 */

export interface InPage {
  attempts: Record<string, Attempt>
  /** Those that came through. */
  through: string[]
  attempt(name: string, foreign: string): Promise<void>
  outcome(name: string): Outcome
}

export interface Outcome {
  through: boolean
  /** Directives that stood in the way of the last attempt, and the name of what it threw. */
  stopped: string[]
}

interface Policies {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown
}

/** @param foreign - another origin, which lets everybody read what it has */
type Attempt = (done: string, foreign: string) => unknown

const page = globalThis as unknown as InPage & { trustedTypes: Policies }
// As text: what runs must find its way out of wherever it was put.
const says = (name: string) => `globalThis.through.push(${JSON.stringify(name)})`
const came = (name: string) => void page.through.push(name)
/** Whoever asks for this has come through: the other origin notes it. */
const at = (foreign: string, where: string, name: string) => `${foreign}/${where}?${encodeURIComponent(name)}`
const add = <E extends Element>(element: E): E => {
  document.body.append(element)
  return element
}
const make = document.createElement.bind(document)

const attempts: Record<string, Attempt> = {
  // biome-ignore lint/security/noGlobalEval: the attempt itself
  eval: (done) => globalThis.eval(says(done)),
  'new Function': (done) => new Function(says(done))(),
  'a timer with text': (done) => setTimeout(says(done) as unknown as () => void),
  'an inline script by its text': (done) => {
    const script = make('script')
    script.text = says(done)
    add(script)
  },
  'an inline script by a node': (done) => {
    const script = make('script')
    script.append(document.createTextNode(says(done)))
    add(script)
  },
  'an inline handler': (done) => {
    const button = make('button')
    button.setAttribute('onclick', says(done))
    add(button).click()
  },
  'an inline handler by an attribute node': (done) => {
    const button = make('button')
    const handler = document.createAttribute('onclick')
    handler.value = says(done)
    button.setAttributeNode(handler)
    add(button).click()
  },
  'a foreign script': (done, foreign) => {
    const script = make('script')
    script.src = at(foreign, 'script.js', done)
    add(script)
  },
  // No sink of Trusted Types: the policy alone stands in the way.
  'a foreign module': (done, foreign) => {
    const address = at(foreign, 'script.js', done)
    return import(/* @vite-ignore */ address)
  },
  'a script of a blob': (done) => {
    const address = URL.createObjectURL(new Blob([says(done)], { type: 'text/javascript' }))
    return import(/* @vite-ignore */ address)
  },
  'a script of a data address': (done) => {
    const address = `data:text/javascript,${encodeURIComponent(says(done))}`
    return import(/* @vite-ignore */ address)
  },
  'a javascript: link': (done) => {
    const link = make('a')
    link.href = `javascript:void ${says(done)}`
    add(link).click()
  },
  'HTML as text': (done) => {
    const place = add(make('div'))
    place.innerHTML = `<img src="/nothing.png" onerror='${says(done)}'>`
  },
  'HTML put beside': (done) => {
    add(make('div')).insertAdjacentHTML('afterend', `<img src="/nothing.png" onerror='${says(done)}'>`)
  },
  'HTML by a parser': (done) => {
    const parsed = new DOMParser().parseFromString(`<img src="/nothing.png" onerror='${says(done)}'>`, 'text/html')
    add(document.adoptNode(parsed.body.firstElementChild!))
  },
  'a page of text': (done) => {
    const frame = make('iframe')
    frame.srcdoc = `<script>parent.${says(done).slice('globalThis.'.length)}</script>`
    add(frame)
  },
  'another policy of Trusted Types': (done) => {
    page.trustedTypes.createPolicy('default', { createHTML: (text: string) => text })
    came(done)
  },
  'a second policy named qsec': (done) => {
    page.trustedTypes.createPolicy('qsec', { createHTML: (text: string) => text })
    came(done)
  },
  'a worker of a blob': (done) => {
    const address = URL.createObjectURL(new Blob(['postMessage(1)'], { type: 'text/javascript' }))
    new Worker(address).onmessage = () => came(done)
  },
  'a worker of another address': (done) => {
    new Worker('/worker.js').onmessage = () => came(done)
  },
  'another base': (done, foreign) => {
    const base = make('base')
    base.href = `${foreign}/elsewhere/`
    document.head.append(base)
    const moved = document.baseURI.startsWith(foreign)
    base.remove()
    if (moved) came(done)
  },
  'a foreign frame': (done, foreign) => {
    const frame = make('iframe')
    frame.src = at(foreign, 'frame', done)
    add(frame)
  },
  'an object': (done, foreign) => {
    const object = make('object')
    object.type = 'text/html'
    object.setAttribute('data', at(foreign, 'frame', done))
    add(object)
  },
  'an asking elsewhere': (done, foreign) => fetch(at(foreign, 'open', done)),
  'a socket elsewhere': (done, foreign) => void new WebSocket(at(foreign, 'open', done).replace('http', 'ws')),
  'a stream of events from elsewhere': (done, foreign) => void new EventSource(at(foreign, 'open', done)),
  'a beacon': (done, foreign) => navigator.sendBeacon(at(foreign, 'open', done), 'x'),
  'a foreign picture': (done, foreign) => {
    add(new Image()).src = at(foreign, 'picture.svg', done)
  },
  'a foreign stylesheet': (done, foreign) => {
    const sheet = make('link')
    sheet.rel = 'stylesheet'
    sheet.href = at(foreign, 'style.css', done)
    document.head.append(sheet)
  },
  'an inline stylesheet': (done) => {
    const sheet = make('style')
    sheet.append(':root { --tried: 1 }')
    document.head.append(sheet)
    if (getComputedStyle(document.documentElement).getPropertyValue('--tried')) came(done)
    sheet.remove()
  },
  'an inline style': (done) => {
    const place = make('p')
    place.setAttribute('style', 'color: rgb(1, 2, 3)')
    if (getComputedStyle(add(place)).color === 'rgb(1, 2, 3)') came(done)
  },
  'a form': (done, foreign) => {
    const form = make('form')
    form.action = at(foreign, 'form', done)
    form.method = 'post' // by GET the address would lose the name of the attempt
    add(form).submit()
  },
}

const stopped: string[] = []
page.attempts = attempts
page.through = []
document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => stopped.push(effectiveDirective))
// What an attempt leaves behind fails where nobody waits for it.
addEventListener('error', (event) => event.preventDefault())
addEventListener('unhandledrejection', (event) => event.preventDefault())

page.attempt = async (name, foreign) => {
  stopped.length = 0
  // What devtools evaluate may call eval at once, and no longer in a later task.
  await new Promise((resolve) => setTimeout(resolve))
  try {
    await attempts[name]!(name, foreign)
  } catch (error) {
    stopped.push((error as Error).name)
  }
}
page.outcome = (name) => ({ through: page.through.includes(name), stopped })
