// Draws the icons of the installable page (apps/web/public/icons) from its one SVG, in Debian's Chromium:
//   node scripts/icons.mjs
// `maskable` has the picture within the inner 80 %, which is what systems that cut icons to a shape leave.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const svg = readFileSync('apps/web/src/assets/favicon.svg', 'utf8')
const bare = svg.replace(/<rect[^>]*\/>/, '').replace('<svg ', '<svg width="100%" height="100%" ')
const icons = [
  { name: 'icon-192', size: 192, maskable: false },
  { name: 'icon-512', size: 512, maskable: false },
  { name: 'maskable-512', size: 512, maskable: true },
]

const browser = await chromium.launch({
  executablePath: process.env.QSEC_CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: process.getuid?.() !== 0,
})
mkdirSync('apps/web/public/icons', { recursive: true })
for (const { name, size, maskable } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const drawn = maskable ? bare : svg.replace('<svg ', '<svg width="100%" height="100%" ')
  const edge = maskable ? size * 0.1 : 0
  await page.setContent(
    `<style>body{margin:0;background:${maskable ? '#17585c' : 'transparent'}}
     div{position:absolute;inset:${edge}px}svg{display:block}</style><div>${drawn}</div>`,
  )
  writeFileSync(`apps/web/public/icons/${name}.png`, await page.screenshot({ omitBackground: !maskable }))
  await page.close()
}
await browser.close()
