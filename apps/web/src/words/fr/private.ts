/** French: `../private.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const privateWords: Catalogue['privateWords'] = {
  to: 'À',
  everyone: 'Tous',
  only: (name) => `Vous et ${isolated(name)} seuls pouvez lire ceci`,
  writing: (name) => `Privé : vous et ${isolated(name)} seuls pourrez lire ceci`,
  goneOption: (name) => `${isolated(name)} (plus ici)`,
  gone: (name) =>
    `${isolated(name)} n’est plus dans le salon. Ce que vous avez écrit est gardé ici, et personne ne l’a reçu.`,
  quantum:
    'Ce salon exige des clés quantiques (simulées), et les messages privés n’en ont pas. Ce que vous avez écrit est gardé ici et n’est pas envoyé.',
  someone: 'Quelqu’un',
  placeholder: (name) => `Message privé à ${isolated(name)}`,
  noTell: (name) => `Le message privé n’a pas été envoyé à ${isolated(name)}. Personne d’autre ne l’a reçu.`,
}
