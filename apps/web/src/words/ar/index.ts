/** The page in Arabic. Fetched as one part where a reader wants it. */
import type { StartCatalogue } from '../catalogue.ts'
import * as asking from './asking.ts'
import * as commands from './commands.ts'
import * as details from './details.ts'
import * as device from './device.ts'
import * as devices from './devices.ts'
import * as door from './door.ts'
import * as earlier from './earlier.ts'
import * as faults from './faults.ts'
import * as files from './files.ts'
import * as find from './find.ts'
import * as history from './history.ts'
import * as home from './home.ts'
import * as invite from './invite.ts'
import * as keeping from './keeping.ts'
import * as kept from './kept.ts'
import * as keys from './keys.ts'
import * as language from './language.ts'
import * as lifetime from './lifetime.ts'
import * as linked from './linked.ts'
import * as membership from './membership.ts'
import * as messages from './messages.ts'
import * as names from './names.ts'
import * as notify from './notify.ts'
import * as people from './people.ts'
import * as privately from './private.ts'
import * as problems from './problems.ts'
import * as provenance from './provenance.ts'
import * as push from './push.ts'
import * as quantum from './quantum.ts'
import * as relay from './relay.ts'
import * as room from './room.ts'
import * as rooms from './rooms.ts'
import * as server from './server.ts'
import * as successor from './successor.ts'
import * as system from './system.ts'
import * as time from './time.ts'
import * as trust from './trust.ts'
import * as verify from './verify.ts'
import * as wishes from './wishes.ts'

const arabic: StartCatalogue = {
  ...asking,
  ...commands,
  ...details,
  ...device,
  ...devices,
  ...door,
  ...earlier,
  ...faults,
  ...files,
  ...find,
  ...history,
  ...home,
  ...invite,
  ...keeping,
  ...kept,
  ...keys,
  ...language,
  ...lifetime,
  ...linked,
  ...membership,
  ...messages,
  ...names,
  ...notify,
  ...push,
  ...people,
  ...privately,
  ...problems,
  ...provenance,
  ...quantum,
  ...relay,
  ...room,
  ...rooms,
  ...server,
  ...successor,
  ...system,
  ...time,
  ...trust,
  ...verify,
  ...wishes,
}

export default arabic
