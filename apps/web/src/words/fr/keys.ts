/** French: `../keys.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const keyWords: Catalogue['keyWords'] = {
  title: 'Clavier',
  close: 'Fermer',
  open: 'Raccourcis clavier',
  names: { Ctrl: 'Ctrl', Shift: 'Maj', Enter: 'Entrée' },
  keys: [
    [['↑'], 'Dans un message vide : modifier votre dernier'],
    [['Échap'], 'Quitter une modification, puis une réponse ; dans les messages : tout est lu'],
    [['@'], 'Mentionner quelqu’un ; ↑ ↓ choisissent, Tab prend'],
    [['↑', '↓'], 'Dans les messages : de l’un à l’autre'],
    [['Entrée'], 'Sur un message : réagir, répondre, modifier, plus ; ← → passent de l’un à l’autre'],
    [['Page préc.', 'Page suiv.'], 'Dans les messages : une page vers le haut ou le bas'],
  ],
}
