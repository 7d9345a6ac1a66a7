/** Draws docs/screens/room.png, the picture of the README, from a real room: `npm run picture`. */
import { createRoom, joinRoom, openStage, reads, say } from './browsers.ts'

const stage = await openStage()
try {
  const [ana, ben, cleo] = [await stage.tab(), await stage.tab(), await stage.tab()]
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  await joinRoom(cleo, link, 'Cleo')
  const talk = [
    [ben, 'Is this the new room?'],
    [ana, 'It is. Nobody but the three of us can read it, and the server least of all.'],
    [cleo, 'And the line about the quantum link?'],
    [ana, 'BB84 between our browsers, with simulated photons: it shows how it works and adds nothing to trust.'],
    [cleo, 'Then I will switch the eavesdropper on after lunch.'],
    [ben, 'Please do, I want to see the error rate jump.'],
  ] as const
  await ana.getByText('quantum (simulated)', { exact: true }).first().waitFor({ timeout: 60_000 })
  for (const [page, text] of talk) {
    await say(page, text)
    await reads(ana, text)
  }
  await ana.getByRole('button', { name: 'Room details' }).click()
  await ana.getByRole('region', { name: 'Quantum link' }).evaluate((panel) => panel.scrollIntoView())
  await ana.getByText('Delivered').last().waitFor()
  await ana.waitForTimeout(500)
  await ana.screenshot({ path: 'docs/screens/room.png' })
  console.log('docs/screens/room.png is new')
} finally {
  await stage.close()
}
