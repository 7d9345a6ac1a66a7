/** People lead a room by what its page says, on a phone's width; the second half of it by keyboard alone. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRoom, inRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'
import { button, isClean, phone } from './phone.ts'

let stage: Stage
let ana: Page
let ben: Page
let cleo: Page

beforeAll(async () => {
  stage = await openStage()
  ;[ana, ben, cleo] = await Promise.all([phone(stage), phone(stage), phone(stage)])
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  await joinRoom(cleo, link, 'Cleo')
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

const details = (page: Page): Promise<void> => button(page, 'Room details').click()
const messages = (page: Page): Promise<void> => button(page, 'Back to messages').click()

async function reports(page: Page, words: string): Promise<void> {
  await page.getByRole('log', { name: 'Messages' }).getByText(words).first().waitFor({ timeout: 20_000 })
}

async function openInvite(page: Page): Promise<Locator> {
  await button(page, 'Invite').click()
  const dialog = page.getByRole('dialog', { name: 'Invite people' })
  await dialog.waitFor()
  return dialog
}

async function makeLink(dialog: Locator, who: string): Promise<void> {
  await button(dialog, 'New link').click()
  await dialog.getByRole('radio', { name: who, exact: true }).check()
  await dialog.getByRole('combobox', { name: 'Ends after' }).selectOption('1 hour')
  await button(dialog, 'Make link').click()
}

/** What stands in the dialog now; closes it. */
async function linkIn(dialog: Locator): Promise<string> {
  const link = await dialog.getByRole('textbox', { name: 'Invite link' }).inputValue()
  await button(dialog, 'Close').click()
  return link
}

async function comeTo(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link)
  const dialog = page.getByRole('dialog', { name: 'Join room' })
  await dialog.getByRole('textbox', { name: 'Your name' }).fill(name)
  await button(dialog, 'Join').click()
}

/** The code that a page shows to whoever asks to come in. */
function codeOf(page: Page): Promise<string> {
  return page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/).innerText()
}

it('[MW1] Ana removes Cleo by what the page says alone, and Cleo’s page says so', async () => {
  await details(ana)
  await button(ana, 'Actions for Cleo').click()
  await button(ana, 'Remove Cleo from room').click()
  const dialog = ana.getByRole('dialog', { name: 'Remove Cleo from this room?' })
  await dialog.getByText('All links end').waitFor()
  await isClean(ana)
  await button(dialog, 'Remove and make new keys').click()
  await dialog.waitFor({ state: 'hidden' })
  await cleo.getByRole('heading', { name: 'You were removed from this room' }).waitFor()
  await ana.getByRole('list', { name: 'People' }).getByText('Cleo').waitFor({ state: 'detached' })
  await messages(ana)
  await reports(ben, 'Ana removed Cleo.')
  await cleo.close()
})

it('[MW2] while Ana keeps the room locked its link leads nowhere, and unlocked it serves again', async () => {
  const link = await linkIn(await openInvite(ana))
  await details(ana)
  const lock = ana.getByRole('switch', { name: 'Lock room' })
  await lock.click()
  await reports(ben, 'Ana locked the room.')
  expect(await lock.getAttribute('aria-checked')).toBe('true')
  await isClean(ana)
  const dan = await phone(stage)
  await comeTo(dan, link, 'Dan')
  await dan.getByRole('heading', { name: 'This room is not open to you' }).waitFor()
  await lock.click()
  await reports(ben, 'Ana unlocked the room.')
  await button(dan, 'Try again').click()
  await inRoom(dan)
  await dan.close()
  await messages(ana)
})

it('[KP3] Ana has the server keep sealed messages by keyboard alone, and Ben reads it twice', async () => {
  await details(ana)
  const keep = ana.getByRole('switch', { name: 'Keep sealed messages until delivered' })
  await keep.focus()
  await ana.keyboard.press('Space')
  await reports(ben, 'it now keeps sealed messages for 14 days, until every device has them.')
  expect(await keep.getAttribute('aria-checked')).toBe('true')
  await isClean(ana)
  await details(ben)
  await ben.getByText('The server keeps sealed messages on its disk for 14 days at most').waitFor()
  await messages(ben)
  await ana.keyboard.press('Space')
  await reports(ben, 'Ana ended the keeping of sealed messages.')
  await messages(ana)
})

it('[MW3] a link for one person admits one, and an ended link nobody', async () => {
  let dialog = await openInvite(ana)
  await makeLink(dialog, 'One person')
  await dialog.getByRole('radio', { name: /^One person.*1 use left/, checked: true }).waitFor()
  await isClean(ana)
  const single = await linkIn(dialog)
  const eva = await phone(stage)
  await joinRoom(eva, single, 'Eva')
  await eva.close()

  dialog = await openInvite(ana)
  const many = dialog.getByRole('radio', { name: /^Anyone with it/, checked: true })
  await many.waitFor()
  const ended = await dialog.getByRole('textbox', { name: 'Invite link' }).inputValue()
  await dialog.getByRole('button', { name: /^End this link: Anyone/ }).click()
  await button(dialog, 'End it').click()
  await expect.poll(() => dialog.getByRole('textbox', { name: 'Invite link' }).inputValue()).not.toBe(ended)
  await button(dialog, 'Close').click()
  for (const link of [single, ended]) {
    const late = await phone(stage)
    await comeTo(late, link, 'Late')
    await late.getByRole('heading', { name: 'This room is not open to you' }).waitFor()
    // A good link, opened in the same place, takes the place of the spent one.
    if (link === single) {
      await late.goto(await linkIn(await openInvite(ana)))
      await inRoom(late)
    }
    await late.close()
  }
})

it('[MW4] by a link that asks first, Ana lets in whose code she was read, and turns the other away', async () => {
  const dialog = await openInvite(ana)
  await makeLink(dialog, 'Each one is asked about')
  await dialog.getByRole('radio', { name: /^Each one is asked about.*ends in/, checked: true }).waitFor()
  const link = await linkIn(dialog)
  const [gus, eve] = [await phone(stage), await phone(stage)]
  for (const [page, name] of [
    [gus, 'Gus'],
    [eve, 'Eve'],
  ] as const) {
    await comeTo(page, link, name)
    await page.getByText('they see this code').waitFor()
  }
  const asks = ana.getByRole('region', { name: 'People who ask to come in' })
  await button(asks, `Turn away ${await codeOf(eve)}`).waitFor()
  await isClean(ana)
  await button(asks, `Turn away ${await codeOf(eve)}`).press('Enter')
  await button(asks, `Turn away ${await codeOf(eve)}`).waitFor({ state: 'detached' })
  await button(ben, `Turn away ${await codeOf(eve)}`).waitFor({ state: 'detached' })
  const letIn = button(asks, `Let in ${await codeOf(gus)}`)
  expect(await letIn.evaluate((one) => one === document.activeElement)).toBe(true)
  await ana.keyboard.press('Enter')
  await inRoom(gus)
  await reports(ben, 'Ana let Gus in, who had asked.')
  await asks.waitFor({ state: 'detached' })
  await eve.getByRole('heading', { name: /^Waiting for someone/ }).waitFor()
  await gus.close()
  await eve.close()
})

it('[MW8] without the link, Hal asks to join, is known by his code, and comes in by Ben’s yes', async () => {
  const bare = new URL(ana.url()).href
  expect(bare).not.toContain('#')
  const [hal, ida] = [await phone(stage), await phone(stage)]
  for (const [page, name] of [
    [hal, 'Hal'],
    [ida, 'Ida'],
  ] as const) {
    await page.goto(bare)
    await page.getByRole('heading', { name: 'You need the full invite link' }).waitFor()
    await button(page, 'Ask to join').click()
    const dialog = page.getByRole('dialog', { name: 'Ask to join' })
    await dialog.getByRole('textbox', { name: 'Your name' }).fill(name)
    await button(dialog, 'Ask to join').click()
    await page.getByRole('heading', { name: 'You asked to be let in' }).waitFor()
  }
  await isClean(hal)
  const asks = ben.getByRole('region', { name: 'People who ask to come in' })
  const [halsCode, idasCode] = [await codeOf(hal), await codeOf(ida)]
  await button(asks, `Let in ${idasCode}`).waitFor()
  await button(asks, `Let in ${halsCode}`).click()
  await inRoom(hal)
  await reports(ana, 'Ben let Hal in, who had asked.')
  await say(hal, 'thank you, Ben')
  await reads(ana, 'thank you, Ben')
  // Whoever stops waiting takes the request back, and a link then serves in the same place.
  await button(ida, 'Stop waiting').click()
  await ida.getByRole('heading', { name: 'QSEC' }).waitFor()
  await button(asks, `Let in ${idasCode}`).waitFor({ state: 'detached' })
  await joinRoom(ida, await linkIn(await openInvite(ana)), 'Ida')
  await hal.close()
  await ida.close()
})

it('[MW5] what cannot be had is refused in words: no more links than the room can hold', async () => {
  const dialog = await openInvite(ben)
  const links = dialog.getByRole('radio', { name: /^(Anyone|One|Each).*ends in/ })
  const make = button(dialog, 'Make link')
  for (let count = await links.count(); count < 16; count++) {
    await button(dialog, 'New link').click()
    await make.click()
    await make.waitFor({ state: 'hidden' })
  }
  expect(await links.count()).toBe(16)
  await button(dialog, 'New link').click()
  await make.click()
  await dialog.getByText('The room has as many links as it can hold. End one first.').waitFor()
  await button(dialog, 'Close').click()
})

it('[MW6] by keyboard, Ana makes Ben an admin, and Ben may change what she may', async () => {
  await details(ben)
  await ben.getByText('Ana owns this room.').waitFor()
  expect(await ben.getByRole('switch', { name: 'Lock room' }).count()).toBe(0)
  expect(await ben.getByRole('button', { name: /^Actions for/ }).count()).toBe(0)
  await button(ana, 'Room details').press('Enter')
  await button(ana, 'Actions for Ben').press('Enter')
  await button(ana, 'Make Ben an admin').press('Enter')
  const most = ben.getByRole('spinbutton', { name: 'People at most' })
  await most.fill('9')
  await most.press('Enter')
  await reports(ana, 'Ben limited the room to 9 people.')
  await most.fill('1')
  await most.press('Enter')
  await ben.getByText('Type a whole number from 2 to 1000, or nothing.').waitFor()
  await isClean(ben)
  await messages(ben)
  await button(ana, 'Back to messages').press('Enter')
})

it('[MW7] Ana ends the room by keyboard: Ben reads what was said, cannot write, and erases it', async () => {
  await say(ana, 'last words')
  await reads(ben, 'last words')
  await button(ana, 'Room details').press('Enter')
  await button(ana, 'End room for everyone').press('Enter')
  const dialog = ana.getByRole('dialog', { name: 'End this room for everyone?' })
  await button(dialog, 'End the room').press('Enter')
  await dialog.getByText('Tick the line above first.').waitFor()
  await dialog.getByRole('checkbox', { name: 'I want this room to end for everybody in it.' }).press('Space')
  await button(dialog, 'End the room').press('Enter')
  await ben.getByText('Ana ended this room.', { exact: true }).waitFor({ timeout: 20_000 })
  await reads(ben, 'last words')
  expect(await ben.getByRole('textbox', { name: 'Message' }).count()).toBe(0)
  await isClean(ben)
  await ben.reload()
  await reads(ben, 'last words')
  await button(ben, 'Erase this room from this device').press('Enter')
  await button(ben.getByRole('dialog'), 'Erase').press('Enter')
  await ben.getByRole('heading', { name: 'You left the room' }).waitFor()
  await ana.getByText('You ended this room.', { exact: true }).waitFor()
})
