/** Asks once more before the room's keys and messages are erased here. */
import type { JSX } from 'preact'
import { roomWords } from '../words/room.ts'
import { Dialog } from './dialog.tsx'

interface Props {
  alone: boolean
  /** This person has other devices in the room. */
  others: boolean
  onLeave(): void
  onClose(): void
}

export function LeaveDialog({ alone, others, onLeave, onClose }: Props): JSX.Element {
  return (
    <Dialog title={roomWords.leaveTitle} onClose={onClose}>
      <p>{roomWords.leaveHelp}</p>
      {alone && <p>{roomWords.leaveAlone}</p>}
      {others && <p>{roomWords.leaveOthers}</p>}
      <div class="actions">
        <button type="button" class="button primary" onClick={onClose}>
          {roomWords.stay}
        </button>
        <button type="button" class="button danger" onClick={onLeave}>
          {roomWords.leaveYes}
        </button>
      </div>
    </Dialog>
  )
}
