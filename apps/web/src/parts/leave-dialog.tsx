/** Asks once more before the room's keys and messages are erased here. */
import type { JSX } from 'preact'
import type { RoomClient } from '../client-gate.ts'
import { problemWords } from '../words/problems.ts'
import { roomWords } from '../words/room.ts'
import { Confirm } from './confirm.tsx'

interface Props {
  client: RoomClient
  alone: boolean
  /** This person has other devices in the room. */
  others: boolean
  onClose(): void
}

export function LeaveDialog({ client, alone, others, onClose }: Props): JSX.Element {
  const help = [roomWords.leaveHelp, alone && roomWords.leaveAlone, others && roomWords.leaveOthers]
  return (
    <Confirm
      title={roomWords.leaveTitle}
      help={help.filter((sentence) => sentence !== false)}
      yes={roomWords.leaveYes}
      no={roomWords.stay}
      failed={problemWords.noLeave}
      work={() => client.leave()}
      onClose={onClose}
    />
  )
}
