/** Files in real browsers: chosen, dropped and pasted, looked at before they are sent, shown or only saved at the other side. */
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pngPicture } from '../pictures.ts'
import { violations } from './axe.ts'
import { createRoom, joinRoom, launch, openStage, reads, type Stage, say } from './browsers.ts'

let stage: Stage
let ana: Page
let ben: Page
let cleo: Page
let withMicrophone: Browser | undefined
beforeAll(async () => {
  stage = await openStage()
  ana = await stage.tab()
  ben = await stage.tab()
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
})
afterAll(async () => {
  await withMicrophone?.close()
  await stage.close()
  expect(stage.problems).toEqual([])
})

const log = (page: Page) => page.getByRole('log', { name: 'Messages' })
const tray = (page: Page) => page.getByRole('list', { name: 'Files to send' })
const picture = Buffer.from(pngPicture)

async function choose(page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Attach file' }).click()
  await (await chooser).setFiles(files)
}

/** What is saved when that button is pressed. */
async function saved(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: button }).last().click()
  const file = await download
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}

it('[FI60] files are looked at before they are sent, with words to them; a picture is shown at the other side and opens large', async () => {
  const button = ana.getByRole('button', { name: 'Attach file' })
  expect(await button.getAttribute('title')).toContain('100 MB')
  await choose(
    ana,
    { name: 'lake.png', mimeType: 'image/png', buffer: picture },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('by the lake') },
    { name: 'not-this.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
  )
  await tray(ana).getByText('not-this.txt').waitFor()
  expect(await tray(ana).getByRole('listitem').count()).toBe(3)
  expect(await violations(ana)).toEqual([])
  const inText = () => ana.getByRole('textbox', { name: 'Message' }).evaluate((one) => one === document.activeElement)
  expect(await inText()).toBe(true)
  await ana.getByRole('button', { name: 'Remove not-this.txt' }).click()
  expect(await inText()).toBe(true)
  await ana.keyboard.type('In the morning')
  await ana.keyboard.press('Enter')
  const message = log(ben).getByRole('article').filter({ hasText: 'In the morning' })
  await message.getByRole('button', { name: 'Open picture lake.png' }).waitFor()
  const shown = message.getByRole('img', { name: 'lake.png' })
  await shown.evaluate((one: HTMLImageElement) => one.decode())
  expect(await shown.evaluate((one: HTMLImageElement) => [one.naturalWidth, one.src.slice(0, 5)])).toEqual([
    16,
    'blob:',
  ])
  expect(await message.getByRole('button', { name: 'not-this.txt' }).count()).toBe(0)
  expect(await violations(ben)).toEqual([])
  expect(await saved(ben, 'Save notes.txt')).toEqual({ name: 'notes.txt', bytes: Buffer.from('by the lake') })

  await message.getByRole('button', { name: 'Open picture lake.png' }).focus()
  await ben.keyboard.press('Enter')
  const large = ben.getByRole('dialog', { name: 'lake.png' })
  await large.getByText('Picture 1 of 1').waitFor()
  expect(await violations(ben)).toEqual([])
  expect((await saved(ben, 'Save lake.png')).bytes.equals(picture)).toBe(true)
  await ben.keyboard.press('Escape')
  await large.waitFor({ state: 'hidden' })
})

it('[FI61] what is no whole picture, or may run, is only saved: under a safe name, as bytes', async () => {
  const script = '<script>document.title="ran"</script>'
  await choose(
    ana,
    {
      name: 'drawing.svg',
      mimeType: 'image/svg+xml',
      buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    },
    { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from(script) },
    { name: 'fake.png', mimeType: 'image/png', buffer: Buffer.from(script) },
  )
  await ana.getByRole('button', { name: 'Send' }).click()
  for (const name of ['drawing.svg', 'page.html', 'fake.png']) {
    await log(ben)
      .getByRole('button', { name: `Save ${name}` })
      .waitFor()
    expect(await log(ben).getByRole('img', { name }).count()).toBe(0)
  }
  const page = await saved(ben, 'Save page.html')
  expect([page.name, page.bytes.toString()]).toEqual(['page.html', script])
  expect(await ben.title()).not.toBe('ran')
})

it('[FI62] a picture that is pasted and one that is dropped on the room are sent; pictures stand side by side in the large view', async () => {
  const given = [...picture]
  await ana.getByRole('textbox', { name: 'Message' }).focus()
  await ana.evaluate((bytes) => {
    const data = new DataTransfer()
    data.items.add(new File([Uint8Array.from(bytes)], 'pasted.png', { type: 'image/png' }))
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    )
  }, given)
  await tray(ana).getByText('pasted.png').waitFor()
  await ana.evaluate((bytes) => {
    const data = new DataTransfer()
    data.items.add(new File([Uint8Array.from(bytes)], 'dropped.png', { type: 'image/png' }))
    const log = document.querySelector('[role=log]')
    for (const type of ['dragover', 'drop']) {
      log?.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }))
    }
  }, given)
  await tray(ana).getByText('dropped.png').waitFor()
  await ana.getByRole('button', { name: 'Send' }).click()
  await log(ben).getByRole('button', { name: 'Open picture dropped.png' }).click()
  await ben.getByText('Picture 3 of 3').waitFor()
  await ben.keyboard.press('ArrowLeft')
  await ben.getByRole('dialog', { name: 'pasted.png' }).waitFor()
  await ben.keyboard.press('ArrowLeft')
  await ben.getByRole('dialog', { name: 'lake.png' }).waitFor()
  await ben.keyboard.press('Escape')
})

it('[FI63] after a reload the files are there, also without those who sent them; deleted, they are gone', async () => {
  await ben.reload()
  await log(ben).getByRole('img', { name: 'lake.png' }).waitFor()
  const message = log(ana).getByRole('article').filter({ hasText: 'In the morning' })
  await message.hover()
  await ana.getByRole('toolbar').getByRole('button', { name: 'More' }).click()
  await ana.getByRole('menuitem', { name: 'Delete message' }).click()
  await ana.getByRole('button', { name: 'Delete for everyone' }).click()
  await log(ben).getByText('Message deleted').waitFor()
  expect(await log(ben).getByRole('img', { name: 'lake.png' }).count()).toBe(0)
})

/** Whether the browser would ask before it lets this page go. */
function isHeld(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const event = new Event('beforeunload', { cancelable: true })
    dispatchEvent(event)
    return event.defaultPrevented
  })
}

it('[FI64] what is said into the microphone is sent and played at the other side; thrown away it is not', async () => {
  withMicrophone = await launch('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream')
  const context = await withMicrophone.newContext({ locale: 'en-GB', permissions: ['microphone'] })
  cleo = await stage.tab(context)
  await ana.getByRole('button', { name: 'Invite', exact: true }).first().click()
  const link = await ana.getByRole('textbox', { name: 'Invite link' }).inputValue()
  await ana.keyboard.press('Escape')
  await joinRoom(cleo, link, 'Cleo')
  const record = cleo.getByRole('button', { name: 'Record voice message' })
  await record.click()
  await cleo.getByRole('timer').waitFor()
  await cleo.getByRole('button', { name: 'Throw it away' }).click()
  await cleo.getByRole('timer').waitFor({ state: 'detached' })
  expect(await tray(cleo).count()).toBe(0)
  await record.click()
  await cleo.getByText('Recording: 0:01').waitFor()
  expect(await violations(cleo)).toEqual([])
  await cleo.getByRole('button', { name: 'Stop and add it' }).click()
  await tray(cleo).getByText('Voice message').waitFor()
  await cleo.getByRole('button', { name: 'Send' }).click()
  await log(ben).getByRole('button', { name: 'Play Voice message' }).click()
  const sound = log(ben).locator('audio')
  await sound.waitFor()
  await expect.poll(() => sound.evaluate((one: HTMLAudioElement) => one.currentTime)).toBeGreaterThan(0)
})

it('[FI65] a recording goes on beside an edit, and is kept when the microphone or the page goes away; none begins by itself', async () => {
  const began = () => cleo.evaluate(() => (globalThis as unknown as { streams: MediaStream[] }).streams.length)
  await cleo.evaluate(() => {
    const streams: MediaStream[] = []
    Object.assign(globalThis, { streams })
    const { mediaDevices } = navigator
    const get = mediaDevices.getUserMedia.bind(mediaDevices)
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await get(wanted)
      streams.push(stream)
      return stream
    }
  })
  const record = cleo.getByRole('button', { name: 'Record voice message' })
  const text = cleo.getByRole('textbox', { name: 'Message' })
  await say(cleo, 'to be changed')
  await reads(ben, 'to be changed')
  expect(await isHeld(cleo)).toBe(false)
  await record.click()
  await cleo.getByText('Recording: 0:01').waitFor()
  expect(await isHeld(cleo)).toBe(true)
  await text.focus()
  await cleo.keyboard.press('ArrowUp')
  await expect.poll(() => text.inputValue()).toBe('to be changed')
  await cleo.getByText('Recording: 0:02').waitFor()
  await cleo.keyboard.press('Escape')
  await cleo.getByText('Recording: 0:03').waitFor()
  expect(await began()).toBe(1)
  // The microphone is pulled out.
  await cleo.evaluate(() => {
    for (const stream of (globalThis as unknown as { streams: MediaStream[] }).streams) {
      for (const track of stream.getTracks()) track.stop()
    }
  })
  await tray(cleo).getByText('Voice message').waitFor()
  expect(await cleo.getByRole('timer').count()).toBe(0)

  await record.click()
  await cleo.getByText('Recording: 0:01').waitFor()
  // To the start page and back, within this page.
  await cleo.evaluate(() => {
    history.pushState(null, '', '/')
    dispatchEvent(new PopStateEvent('popstate'))
  })
  await text.waitFor({ state: 'detached' })
  await cleo.evaluate(() => history.back())
  await expect.poll(() => tray(cleo).getByText('Voice message').count()).toBe(2)
  expect(await cleo.getByRole('timer').count()).toBe(0)
  expect(await began()).toBe(2)
  await text.fill('all of it')
  await cleo.getByRole('button', { name: 'Send' }).click()
  await reads(ben, 'all of it')
  await expect.poll(() => isHeld(cleo)).toBe(false)
})

it('[FI66] what was picked stays with its room; the browser asks before it would be lost, and before half an edit would', async () => {
  const text = ana.getByRole('textbox', { name: 'Message' })
  await say(ana, 'said by Ana')
  await reads(ben, 'said by Ana')
  await choose(ana, { name: 'kept.txt', mimeType: 'text/plain', buffer: Buffer.from('kept') })
  await tray(ana).getByText('kept.txt').waitFor()
  await expect.poll(() => isHeld(ana)).toBe(true)
  await ana.goBack()
  await text.waitFor({ state: 'detached' })
  await ana.goForward()
  await tray(ana).getByText('kept.txt').waitFor()
  await ana.getByRole('button', { name: 'Remove kept.txt' }).click()
  await expect.poll(() => isHeld(ana)).toBe(false)

  await text.fill('a draft is kept by itself')
  expect(await isHeld(ana)).toBe(false)
  await text.fill('')
  await text.press('ArrowUp')
  await expect.poll(() => text.inputValue()).toBe('said by Ana')
  await expect.poll(() => isHeld(ana)).toBe(false)
  await ana.keyboard.type(' and more')
  await expect.poll(() => isHeld(ana)).toBe(true)
  await ana.keyboard.press('Escape')
  await expect.poll(() => isHeld(ana)).toBe(false)
})
