/**
 * Draws every state of the screens in Chromium, under the strict policy that the server sends, and looks for what
 * no picture shows: console errors, policy violations, faults that axe finds.
 *
 *     node apps/web/dev/screenshots.ts [words in the names of the pictures]
 */
import { mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { drawAll, type Look, type Shot } from './draw.ts'
import { secret } from './fixtures.ts'
import { closed, open } from './site.ts'

const desktop = { width: 1280, height: 800 }
const phone = { width: 360, height: 740 }

const details = (page: Page): Promise<void> => page.getByRole('button', { name: 'Room details' }).click()
const scroll =
  (selector: string) =>
  async (page: Page): Promise<void> => {
    await details(page)
    await page.locator(selector).scrollIntoViewIfNeeded()
  }

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click()
const link = async (page: Page): Promise<void> => {
  await details(page)
  await press(page, 'Link another device')
  await page.getByRole('dialog', { name: 'Link another device' }).waitFor()
}
const settings = async (page: Page): Promise<void> => {
  await details(page)
  await page.getByRole('heading', { name: 'Room settings' }).scrollIntoViewIfNeeded()
}
/** Opens the panels where the list of people is not on the page already. */
const people = async (page: Page): Promise<void> => {
  if (!(await page.getByRole('list', { name: 'People' }).isVisible())) await details(page)
}
const sheet =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await people(page)
    await page
      .getByRole('list', { name: 'People' })
      .getByRole('button', { name: new RegExp(`^(?!Actions).*${name}`) })
      .click()
    await page.getByRole('dialog').waitFor()
  }
const verify =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await sheet(name)(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Verify', exact: true }).click()
    await page.getByRole('dialog', { name: 'Verify' }).waitFor()
  }

/** By keyboard: to the message, into its bar. */
const tools = async (page: Page, words: string): Promise<void> => {
  await page.getByRole('article').filter({ hasText: words }).first().focus()
  await page.getByRole('toolbar').waitFor()
  await page.keyboard.press('Enter')
}

/** Opens the dialog, ticks people, and presses what is no name. */
const closeRoom =
  (...steps: string[]) =>
  async (page: Page): Promise<void> => {
    await details(page)
    await press(page, 'Close this room…')
    const dialog = page.getByRole('dialog')
    for (const step of steps) {
      const box = dialog.getByRole('checkbox', { name: step })
      await (step === 'Close the room' ? dialog.getByRole('button', { name: step }).click() : box.check())
    }
    await dialog.waitFor()
  }

/** Opens the search and asks for words. */
const search =
  (words: string, until: string | RegExp) =>
  async (page: Page): Promise<void> => {
    await press(page, 'Search')
    await page.getByRole('combobox', { name: 'Words to look for' }).fill(words)
    await page.getByText(until).first().waitFor()
    if (typeof until !== 'string') await page.keyboard.press('ArrowDown')
  }
const write = (words: string): ((page: Page) => Promise<void>) => {
  return async (page) => {
    await page.getByRole('textbox', { name: 'Message' }).fill(words)
    await page.waitForTimeout(200)
  }
}
const say =
  (words: string) =>
  async (page: Page): Promise<void> => {
    await write(words)(page)
    await page.getByRole('button', { name: 'Send' }).click()
    await page.waitForTimeout(300)
  }

const shots: Shot[] = [
  { name: 'find-idle', path: `${closed}?scene=busy`, act: search('', 'Covers messages') },
  { name: 'find-found', path: `${closed}?scene=many`, act: search('message words', /messages found$/) },
  { name: 'find-nothing', path: `${closed}?scene=busy`, act: search('zebra', 'Nothing found') },
  { name: 'find-looking', path: `${closed}?scene=many`, act: search('message', 'found so far') },
  { name: 'find-failed', path: `${closed}?scene=busy`, act: search('break', 'could not be read') },
  {
    name: 'find-day',
    path: `${closed}?scene=many`,
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('option', { name: 'Jump to a day' }).click()
      await page.getByLabel('Day', { exact: true }).fill('2020-02-03')
      await press(page, 'Go to this day')
      await page.getByText('Nothing was written on').waitFor()
    },
  },
  { name: 'find-commands', path: `${closed}?scene=busy`, act: (page) => page.keyboard.press('Control+k') },
  {
    name: 'find-command-typed',
    path: `${closed}?scene=busy`,
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Command' }).fill('verify')
    },
  },
  { name: 'find-slash', path: `${closed}?scene=busy`, act: write('/') },
  { name: 'find-refused', path: `${closed}?scene=busy`, act: say('/shout hello') },
  { name: 'find-cleared', path: `${closed}?scene=busy`, act: say('/clear') },
  { name: 'find-action', path: `${closed}?scene=busy`, act: say('/me waves to everybody') },
  { name: 'find-help', path: `${closed}?scene=busy`, act: say('/help') },
  { name: 'home', path: '/' },
  { name: 'home-open', path: '/', act: (page) => page.getByRole('textbox', { name: 'Room ID' }).fill('garden') },
  {
    name: 'home-errors',
    path: '/',
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Your name' }).fill(' ')
      await page.getByRole('textbox', { name: 'Room ID' }).fill('two words')
      await page.getByRole('spinbutton', { name: 'Expected people' }).fill('-3')
      await page.getByRole('button', { name: 'Join room' }).click()
    },
  },
  { name: 'door-closed', path: `${closed}?scene=door&username=Ben#v1.${secret}` },
  { name: 'door-open', path: `${open}?scene=door` },
  { name: 'door-paused', path: `${open}?scene=door`, act: (page) => page.keyboard.press('Escape') },
  { name: 'needs-link', path: `${closed}?scene=needs-link` },
  { name: 'nowhere', path: '/room/two%20words' },
  { name: 'failed', path: `${closed}?scene=failed` },
  ...[
    'connecting',
    'waiting',
    'waiting-alone',
    'full',
    'no-access',
    'no-access-unsent',
    'needs-token',
    'storage',
    'left',
    'removed',
    'replaced',
    'knocking',
  ].map((scene) => ({
    name: scene,
    path: `${closed}?scene=${scene}`,
  })),
  ...[
    'busy',
    'empty',
    'empty-open',
    'many',
    'long',
    'events',
    'offline',
    'reconnecting',
    'opened-offline',
    'rejoining',
    'ended',
    'led',
  ].map((scene) => ({
    name: scene,
    path: `${closed}?scene=${scene}`,
  })),
  {
    name: 'many-above',
    path: `${closed}?scene=many`,
    act: async (page) => {
      await page.getByRole('log', { name: 'Messages' }).evaluate((log) => log.scrollTo(0, 0))
      await page.getByText('Message number 1.').waitFor()
    },
  },
  { name: 'talk', path: `${closed}?scene=talk` },
  { name: 'talk-tools', path: `${closed}?scene=talk`, act: (page) => tools(page, 'Booked from ten') },
  {
    name: 'talk-menu',
    path: `${closed}?scene=talk`,
    act: async (page) => {
      await tools(page, 'Booked from ten')
      await press(page, 'More')
    },
  },
  {
    name: 'talk-reply',
    path: `${closed}?scene=talk`,
    act: async (page) => {
      await tools(page, 'Do we measure')
      await press(page, 'Reply')
      await page.keyboard.type('Yes, @')
      await page.getByRole('listbox').waitFor()
    },
  },
  {
    name: 'talk-edit',
    path: `${closed}?scene=talk`,
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Message' }).focus()
      await page.keyboard.press('ArrowUp')
      await page.getByText('Edit message').waitFor()
    },
  },
  {
    name: 'talk-emoji',
    path: `${closed}?scene=talk`,
    act: async (page) => {
      await tools(page, 'Do we measure')
      await press(page, 'React')
      await page.getByRole('dialog', { name: 'React' }).waitFor()
    },
  },
  {
    name: 'talk-delete',
    path: `${closed}?scene=talk`,
    act: async (page) => {
      await tools(page, 'Booked from ten')
      await press(page, 'More')
      await page.getByRole('menuitem', { name: 'Delete message' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'private', path: `${closed}?scene=private` },
  {
    name: 'private-tools',
    path: `${closed}?scene=private`,
    act: (page) => tools(page, 'Do not tell Cleo'),
  },
  {
    name: 'private-to',
    path: `${closed}?scene=private`,
    act: async (page) => {
      await page.getByRole('combobox', { name: 'To' }).selectOption('Ben')
      await page.getByRole('textbox', { name: 'Message' }).fill('One more thing, between us')
    },
  },
  {
    name: 'vanishing',
    path: `${closed}?scene=vanishing`,
    act: (page) => page.getByRole('combobox', { name: 'Disappears' }).selectOption('After 5 minutes'),
  },
  {
    name: 'vanishing-settings',
    path: `${closed}?scene=led`,
    act: async (page) => {
      await settings(page)
      await page.getByRole('combobox', { name: 'Disappearing messages' }).scrollIntoViewIfNeeded()
    },
  },
  { name: 'invite', path: `${closed}?scene=busy`, act: (page) => page.getByRole('button', { name: 'Invite' }).click() },
  { name: 'ask-to-join', path: `${closed}?scene=needs-link`, act: (page) => press(page, 'Ask to join') },
  ...['newcomer', 'newcomer-asks', 'newcomer-offered', 'newcomer-given', 'asked-for-earlier'].map((scene) => ({
    name: scene,
    path: `${closed}?scene=${scene}`,
    ...(scene === 'newcomer-given'
      ? { act: (page: Page) => page.getByRole('log').evaluate((log) => log.scrollTo({ top: 0 })) }
      : {}),
  })),
  { name: 'offer-earlier', path: `${closed}?scene=calm`, act: sheet('Cleo') },
  { name: 'invite-links', path: `${closed}?scene=led`, act: (page) => press(page, 'Invite') },
  {
    name: 'invite-new',
    path: `${closed}?scene=led`,
    act: async (page) => {
      await press(page, 'Invite')
      await press(page, 'New link')
      await page
        .getByRole('button', { name: /^End this link/ })
        .first()
        .click()
      await page.getByRole('button', { name: 'Make link' }).scrollIntoViewIfNeeded()
    },
  },
  { name: 'invite-not-you', path: `${closed}?scene=following`, act: (page) => press(page, 'Invite') },
  {
    name: 'person-actions',
    path: `${closed}?scene=led`,
    act: async (page) => {
      await details(page)
      await press(page, 'Actions for Cleo Marchetti')
      await page.getByRole('button', { name: 'Remove Cleo Marchetti from room' }).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'remove',
    path: `${closed}?scene=led`,
    act: async (page) => {
      await details(page)
      await press(page, 'Actions for Ben')
      await press(page, 'Remove Ben from room')
    },
  },
  {
    name: 'hand-over',
    path: `${closed}?scene=led`,
    act: async (page) => {
      await details(page)
      await press(page, 'Actions for Ben')
      await press(page, 'Hand over the room to Ben')
    },
  },
  { name: 'settings', path: `${closed}?scene=led`, act: settings },
  {
    name: 'settings-bad',
    path: `${closed}?scene=led`,
    act: async (page) => {
      await settings(page)
      await page.getByRole('spinbutton', { name: 'People at most' }).fill('1')
      await press(page, 'Set limit')
    },
  },
  { name: 'settings-words', path: `${closed}?scene=following`, act: settings },
  {
    name: 'end-room',
    path: `${closed}?scene=led`,
    act: async (page) => {
      await settings(page)
      await press(page, 'End room for everyone')
      await press(page, 'End the room')
    },
  },
  {
    name: 'close-settings',
    path: `${open}?scene=open`,
    act: async (page) => {
      await details(page)
      await page.getByRole('button', { name: 'Close this room…' }).scrollIntoViewIfNeeded()
    },
  },
  { name: 'close-room', path: `${open}?scene=open`, act: closeRoom() },
  { name: 'close-nobody', path: `${open}?scene=open`, act: closeRoom('Close the room') },
  {
    name: 'close-busy',
    path: `${open}?scene=open`,
    act: closeRoom('Ben', 'Cleo Marchetti', 'Close the room'),
  },
  {
    name: 'close-done',
    path: `${open}?scene=open`,
    act: async (page) => {
      await closeRoom('Ben', 'Cleo Marchetti', 'Close the room')(page)
      await page.getByRole('dialog').getByRole('button', { name: 'Go to the closed room' }).waitFor()
    },
  },
  {
    name: 'close-failed',
    path: `${open}?scene=open-fails`,
    act: async (page) => {
      await closeRoom('Ben', 'Dan', 'Close the room')(page)
      await page.getByRole('button', { name: 'End the open room anyway' }).waitFor()
    },
  },
  ...['invited', 'invited-ended'].map((scene) => ({ name: scene, path: `${open}?scene=${scene}` })),
  { name: 'erase', path: `${closed}?scene=ended`, act: (page) => press(page, 'Erase this room from this device') },
  ...['trusted', 'asked'].map((scene) => ({ name: scene, path: `${closed}?scene=${scene}` })),
  { name: 'people', path: `${closed}?scene=trusted`, act: details },
  { name: 'person', path: `${closed}?scene=calm`, act: sheet('Ben') },
  { name: 'person-changed', path: `${closed}?scene=trusted`, act: sheet('Dan') },
  { name: 'verify', path: `${closed}?scene=calm`, act: verify('Cleo') },
  {
    name: 'verify-room',
    path: `${closed}?scene=calm`,
    act: async (page) => {
      await people(page)
      await page.getByRole('button', { name: 'Verify', exact: true }).first().click()
    },
  },
  {
    name: 'verify-pictures',
    path: `${closed}?scene=calm`,
    act: async (page) => {
      await verify('Cleo')(page)
      await page.getByRole('button', { name: 'Compare pictures' }).click()
      await page.getByRole('list', { name: 'Six pictures' }).waitFor()
    },
  },
  {
    name: 'verify-done',
    path: `${closed}?scene=calm`,
    act: async (page) => {
      await verify('Cleo')(page)
      await page.getByRole('button', { name: 'They match' }).click()
    },
  },
  {
    name: 'verify-mismatch',
    path: `${closed}?scene=calm`,
    act: async (page) => {
      await verify('Cleo')(page)
      await page.getByRole('button', { name: 'They do not match' }).click()
    },
  },
  ...['devices', 'link-waiting', 'link-waiting-alone', 'removed-device'].map((scene) => ({
    name: scene,
    path: `${closed}?scene=${scene}`,
  })),
  {
    name: 'devices-people',
    path: `${closed}?scene=devices`,
    act: people,
  },
  { name: 'devices-own', path: `${closed}?scene=devices`, act: scroll('.own-devices') },
  {
    name: 'devices-remove',
    path: `${closed}?scene=devices`,
    act: async (page) => {
      await details(page)
      await press(page, 'Remove this device, code 4PQR-STVW-XYZ0')
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'link-open',
    path: `${closed}?scene=devices`,
    act: async (page) => {
      await link(page)
      await page.getByRole('textbox', { name: 'Device link' }).waitFor()
      await page.getByRole('img', { name: 'QR code' }).waitFor()
    },
  },
  { name: 'link-taken', path: `${closed}?scene=link-taken`, act: link },
  {
    name: 'link-in',
    path: `${closed}?scene=devices`,
    act: async (page) => {
      await link(page)
      await page.getByText('It is in').waitFor({ timeout: 15_000 })
    },
  },
  { name: 'link-door', path: `${closed}?scene=link-door#d1.${secret}` },
  {
    name: 'link-failed',
    path: `${closed}?scene=link-door#d1.${secret}`,
    act: (page) => press(page, 'Link this device'),
  },
  { name: 'details', path: `${closed}?scene=busy`, act: details },
  { name: 'details-eavesdropper', path: `${closed}?scene=eavesdropper`, act: details },
  { name: 'details-links', path: `${closed}?scene=eavesdropper`, act: scroll('.links') },
  { name: 'details-running', path: `${closed}?scene=running`, act: scroll('.links') },
  { name: 'details-chart', path: `${closed}?scene=busy`, act: scroll('.bits') },
  { name: 'details-log', path: `${closed}?scene=busy`, act: scroll('.side .panel:last-child') },
  { name: 'details-long', path: `${closed}?scene=long`, act: details },
  { name: 'details-empty', path: `${closed}?scene=empty`, act: details },
  { name: 'locked', path: `${closed}?scene=locked` },
  {
    name: 'locked-wrong',
    path: `/?scene=locked`,
    act: async (page) => {
      await page.getByLabel('Passphrase').fill('wrong')
      await page.getByRole('button', { name: 'Unlock' }).click()
      await page.getByText('That does not open it').waitFor()
    },
  },
  {
    name: 'locked-code',
    path: `/?scene=locked`,
    act: (page) => page.getByRole('button', { name: 'Use the recovery code' }).click(),
  },
  { name: 'device', path: '/?scene=busy#device', act: (page) => page.getByText('240 messages').waitFor() },
  { name: 'device-unlocked', path: '/?scene=unlocked#device', act: (page) => page.getByText('240 messages').waitFor() },
  { name: 'device-unused', path: '/?scene=unused#device', act: (page) => page.getByText('keeps no room').waitFor() },
  ...(
    [
      ['protect', 'Set a passphrase'],
      ['backup', 'Make a backup'],
      ['restore', 'Restore a backup'],
    ] as const
  ).map(([name, button]) => ({
    name: `device-${name}`,
    path: '/?scene=busy#device',
    act: (page: Page) => page.getByRole('button', { name: button }).click(),
  })),
  {
    name: 'device-code',
    path: '/?scene=busy#device',
    act: async (page) => {
      await page.getByRole('button', { name: 'Set a passphrase' }).click()
      await page.getByLabel('New passphrase').fill('correct horse')
      await page.getByLabel('The same again').fill('correct horse')
      await page.getByRole('button', { name: 'Next' }).click()
      await page.getByRole('textbox', { name: 'Type it here' }).fill('7K2M')
      await page.getByRole('button', { name: 'Set the passphrase' }).click()
    },
  },
  {
    name: 'device-backup-code',
    path: '/?scene=busy#device',
    act: async (page) => {
      await page.getByRole('button', { name: 'Make a backup' }).click()
      await page.getByRole('radio', { name: 'A recovery code, made now' }).click()
      await page.getByRole('textbox', { name: 'Type it here' }).waitFor()
    },
  },
  {
    name: 'device-export',
    path: '/?scene=busy#device',
    act: (page) => page.getByRole('button', { name: 'Export' }).first().click(),
  },
  {
    name: 'device-erase',
    path: '/?scene=busy#device',
    act: (page) => page.getByRole('button', { name: 'Erase everything on this device' }).click(),
  },
  {
    name: 'device-remove',
    path: '/?scene=unlocked#device',
    act: (page) => page.getByRole('button', { name: 'Remove the passphrase' }).click(),
  },
  {
    name: 'device-history',
    path: '/?scene=busy#device',
    act: async (page) => {
      await page.getByRole('button', { name: 'Read' }).click()
      await page.getByText('The detector is cold').first().waitFor()
    },
  },
  {
    name: 'details-leave',
    path: `${closed}?scene=busy`,
    act: async (page) => {
      await details(page)
      await page.getByRole('button', { name: 'Leave room', exact: true }).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'leave',
    path: `${closed}?scene=busy`,
    act: async (page) => {
      await details(page)
      await page.getByRole('button', { name: 'Leave room' }).click()
    },
  },
  {
    name: 'problem',
    path: `${closed}?scene=busy`,
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Message' }).fill('reject')
      await page.getByRole('button', { name: 'Send' }).click()
    },
  },
]

const looks: readonly Look[] = [
  { name: 'desktop', options: { viewport: desktop, colorScheme: 'light' } },
  { name: 'phone', options: { viewport: phone, colorScheme: 'light', isMobile: true } },
  { name: 'dark', options: { viewport: desktop, colorScheme: 'dark' } },
  { name: 'contrast', options: { viewport: desktop, contrast: 'more' } },
  { name: 'contrast-dark', options: { viewport: desktop, colorScheme: 'dark', contrast: 'more' } },
  { name: 'forced', options: { viewport: desktop, forcedColors: 'active' } },
]

const folder = await mkdtemp(path.join(os.tmpdir(), 'qsec-screens-'))
const faults = await drawAll(looks, () => shots, { folder, stepMs: 5_000, wanted: process.argv.slice(2) })
console.log(`${folder}: ${faults} faults`)
process.exitCode = faults === 0 ? 0 : 1
