/** The way back into rooms from the start page. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRoom, inRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

it('[HM1] the start page leads back into the rooms of this browser, tells who is in them, and shows a stranger nothing', async () => {
  const window = await stage.window()
  const ana = await stage.tab(window)
  const requests: string[] = []
  ana.on('request', (request) => requests.push(request.url()))
  await ana.goto(stage.url)
  await ana.getByRole('button', { name: 'Create room' }).waitFor()
  expect(await ana.getByRole('heading', { name: 'Your rooms' }).count()).toBe(0)
  const whole = requests.length

  const link = await createRoom(ana, stage.url, 'Ana')
  const ben = await stage.tab()
  await joinRoom(ben, link, 'Ben')
  await say(ben, 'see you later')
  await reads(ana, 'see you later')
  await ana.getByRole('button', { name: 'Room details' }).click()
  await ana.getByRole('link', { name: 'Your rooms' }).click()
  const rooms = ana.getByRole('region', { name: 'Your rooms' })
  const { pathname } = new URL(link)
  const [row] = [rooms.getByRole('link', { name: pathname.slice('/room/'.length, '/room/'.length + 6) })]
  expect(await row.innerText()).toContain('with Ben')
  await row.click()
  await inRoom(ana)
  expect(new URL(ana.url()).pathname).toBe(pathname)
  await reads(ana, 'see you later')
  await say(ana, 'back again')
  await reads(ben, 'back again')

  // In a second tab it is told, and leads nowhere: there it would be another device.
  const second = await stage.tab(window)
  await second.goto(stage.url)
  const told = second.getByRole('region', { name: 'Your rooms' })
  await told.getByText('Open in another tab').waitFor()
  expect(await told.getByRole('link').count()).toBe(0)
  await second.goto(`${stage.url}/#device`)
  await second.getByRole('link', { name: `Open ${pathname.slice('/room/'.length, '/room/'.length + 6)}` }).waitFor()

  const stranger = await stage.tab()
  const asked: string[] = []
  stranger.on('request', (request) => asked.push(request.url()))
  await stranger.goto(stage.url)
  await stranger.getByRole('button', { name: 'Create room' }).waitFor()
  expect(await stranger.getByRole('heading', { name: 'Your rooms' }).count()).toBe(0)
  expect(asked.length).toBeLessThanOrEqual(whole)
})

it('[TT5] a room gets a name, which heads it on all screens, in the tab, and in the list of rooms', async () => {
  const ana = await stage.tab()
  const ben = await stage.tab()
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  await ben.getByRole('button', { name: 'Room details' }).click()
  await ben.getByRole('heading', { name: 'Room settings' }).waitFor()
  expect(await ben.getByLabel('Name of the room').count()).toBe(0)

  await ana.getByRole('button', { name: 'Room details' }).click()
  const field = ana.getByLabel('Name of the room')
  await field.fill('  Book club ')
  await field.press('Enter')
  for (const page of [ana, ben]) {
    await page.getByRole('heading', { level: 1, name: 'Book club' }).waitFor()
    await page.waitForFunction(() => document.title.startsWith('Book club'))
  }
  await ben.getByText('Ana named the room “Book club”.').waitFor()
  await expect.poll(() => field.inputValue()).toBe('Book club')
  await ben.reload()
  await inRoom(ben)
  await ben.getByRole('heading', { level: 1, name: 'Book club' }).waitFor()
  await ben.goto(stage.url)
  await ben.getByRole('link', { name: 'Book club' }).click()
  await inRoom(ben)

  await say(ben, 'which club?')
  const message = ana.getByRole('textbox', { name: 'Message' })
  await message.fill('/title Film club')
  await message.press('Enter')
  await ben.getByRole('heading', { level: 1, name: 'Film club' }).waitFor()

  await field.fill('')
  await field.press('Enter')
  await ben.getByText('Ana took the room’s name away.').waitFor()
  const { pathname } = new URL(link)
  await ben.getByRole('heading', { level: 1, name: pathname.slice('/room/'.length, '/room/'.length + 6) }).waitFor()
})
