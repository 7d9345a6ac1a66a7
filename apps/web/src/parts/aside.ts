/** What nobody needs before the first message, fetched in one piece once a room is open: see `fetched.ts`. */
export { Details } from './details.tsx'
export { LeaveDialog } from './leave-dialog.tsx'
export { CloseRoom } from './membership/close-room.tsx'
export { InviteDialog } from './membership/invite-dialog.tsx'
export { PersonActions } from './membership/person-actions.tsx'
export { RemovePerson } from './membership/remove-person.tsx'
export { PersonSheet } from './person-sheet.tsx'
export { VerifyDialog } from './verify-dialog.tsx'
