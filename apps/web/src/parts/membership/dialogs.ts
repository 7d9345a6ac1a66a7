/** What leads a room, fetched in one piece once a room is open: see `lazy.ts`. */
export { CloseRoom } from './close-room.tsx'
export { Devices } from './devices.tsx'
export { InviteDialog } from './invite-dialog.tsx'
export { PersonActions } from './person-actions.tsx'
export { RemovePerson } from './remove-person.tsx'
export { RoomSettings } from './room-settings.tsx'
