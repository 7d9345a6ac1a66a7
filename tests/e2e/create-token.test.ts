import { expect, it, onTestFinished } from 'vitest'
import { violations } from './axe.ts'
import { inRoom, joinRoom, openStage, reads, say } from './browsers.ts'

const token = 'n7Yp2mXw9RtLsYdAq7VnB3'

it('[PU26] where the operator’s token makes rooms the page asks for it, keeps it to itself, and guests need none', async () => {
  const stage = await openStage({ createToken: token })
  onTestFinished(() => stage.close())
  const ana = await stage.tab()
  const asked: string[] = []
  ana.on('request', (request) => asked.push(request.url()))
  await ana.goto(stage.url)
  await ana.getByRole('textbox', { name: 'Your name' }).fill('Ana')
  await ana.getByRole('button', { name: 'Create room' }).click()
  await ana.getByRole('heading', { name: 'This server asks who makes rooms' }).waitFor()
  expect(await violations(ana)).toEqual([])
  await ana.getByRole('button', { name: 'Make the room' }).click()
  await ana.getByText('Type the token first.').waitFor()
  await ana.getByRole('textbox', { name: 'Token of the server' }).fill('not the token of this server')
  await ana.getByRole('button', { name: 'Make the room' }).click()
  await ana.getByText('That is not the token of this server.').waitFor()
  await ana.getByRole('textbox', { name: 'Token of the server' }).fill(` ${token} `)
  await ana.getByRole('button', { name: 'Make the room' }).click()
  await inRoom(ana)
  await ana.getByRole('button', { name: 'Invite', exact: true }).first().click()
  const link = await ana.getByRole('textbox', { name: 'Invite link' }).last().inputValue()
  await ana.keyboard.press('Escape')

  const ben = await stage.tab()
  await joinRoom(ben, link, 'Ben')
  await say(ben, 'without a token')
  await reads(ana, 'without a token')
  // An open room that is not there is made, too.
  await ben.goto(`${stage.url}/room/lobby`)
  await ben.getByRole('dialog', { name: 'Join room' }).getByRole('button', { name: 'Join', exact: true }).click()
  await ben.getByRole('heading', { name: 'This server asks who makes rooms' }).waitFor()

  expect(asked.join('\n') + stage.output.join('\n')).not.toContain(token)
  const kept = await ana.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, history.state]),
  )
  expect(kept).not.toContain(token)
  expect(stage.problems).toEqual([])
})
