/** The number of unread messages on the page's icon, and on that of the installed page. */
import type { ReadonlySignal } from '@preact/signals'

const size = 64
const most = 9

/** Keeps the icon in step with the number; the returned function puts the plain icon back. */
export function badge(count: ReadonlySignal<number>): () => void {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  const plain = link && { href: link.href, type: link.type }
  let drawn = 0
  const stop = count.subscribe((now) => {
    onInstalledPage(now)
    if (link === null || plain === null || Math.min(now, most + 1) === Math.min(drawn, most + 1)) return
    drawn = now
    if (now === 0) Object.assign(link, plain)
    else {
      draw(plain.href, now).then(
        (href) => now === drawn && Object.assign(link, { href, type: 'image/png' }),
        (error: unknown) => console.warn('the number on the icon could not be drawn', error),
      )
    }
  })
  return () => {
    stop()
    onInstalledPage(0)
    if (link && plain) Object.assign(link, plain)
  }
}

async function draw(plain: string, count: number): Promise<string> {
  const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size })
  const context = canvas.getContext('2d')!
  context.drawImage(await loaded(plain), 0, 0, size, size)
  const radius = size * 0.32
  context.fillStyle = '#c03a3f'
  context.beginPath()
  context.arc(size - radius, radius, radius, 0, 2 * Math.PI)
  context.fill()
  context.fillStyle = '#fff'
  context.font = `700 ${radius * 1.45}px system-ui, sans-serif`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(count > most ? '+' : String(count), size - radius, radius * 1.06)
  return canvas.toDataURL('image/png')
}

function loaded(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image(size, size)
    image.onload = () => resolve(image)
    image.onerror = () => reject(new Error('the icon could not be loaded'))
    image.src = address
  })
}

interface Badged {
  setAppBadge(count: number): Promise<void>
}

/** Browsers that cannot have no such function; one that refuses does so because the page is not installed. */
function onInstalledPage(count: number): void {
  const able = 'setAppBadge' in navigator && matchMedia('(display-mode: standalone)').matches
  if (able) (navigator as unknown as Badged).setAppBadge(count).catch(() => undefined)
}
