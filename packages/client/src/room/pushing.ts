/** Being called while away: the relay is given this device's address at a push service, or told to forget it. */
import type { RoomCore } from './core.ts'
import { RoomRefusal } from './refusal.ts'

/** A relay that calls nobody knows no marked frames; and where nobody wants to be called it need not know which are words. */
export function wakesSomebody({ push, wakes }: Pick<RoomCore, 'push' | 'wakes'>): boolean {
  return push !== undefined && wakes
}

export async function setPush(core: RoomCore, endpoint: string | undefined): Promise<void> {
  const { transport, address: room } = core
  const answer = await transport.request('set_push', { room, ...(endpoint === undefined ? {} : { endpoint }) })
  if (!answer) throw new RoomRefusal('no-answer')
  if (!answer.ok) throw new RoomRefusal(answer.code === 'unavailable' ? 'server-unavailable' : answer.code)
  await core.run(async () => {
    if (core.push) core.push = { ...core.push, on: endpoint !== undefined }
    core.changed()
  })
}
