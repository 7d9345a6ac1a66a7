/** French: `../lifetime.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { durationWords, leftWords } from '../lifetime.ts'

export const lifetimeWords: Catalogue['lifetimeWords'] = {
  label: 'Disparaît',
  never: 'Jamais',
  after: (duration) => `Après ${duration}`,
  byRoom: (duration) => `Après ${duration}, comme dans ce salon`,
  waits: (duration) => `Disparaît une fois vu, après ${duration}`,
  waitsOwn: (duration) => `Disparaît une fois envoyé, après ${duration}`,
  goes: (leftMs) => `Disparaît dans ${leftWords(leftMs, 'long')}`,
  goesShort: (leftMs) => leftWords(leftMs, 'narrow'),
  room: 'Messages éphémères',
  roomOff: 'Désactivés',
  roomHelp:
    'Un message est supprimé tant de temps après avoir été vu, sur chaque appareil pour lui-même, et une semaine plus tard là où personne ne le voit. Cela vaut pour ce qui se dit désormais. Cela ne peut reprendre ce que quelqu’un copie, photographie ou exporte, ni atteindre un appareil au programme modifié.',
  roomSentence: (lifetimeS) => `Les messages disparaissent une fois vus, après ${durationWords(lifetimeS)}.`,
}
