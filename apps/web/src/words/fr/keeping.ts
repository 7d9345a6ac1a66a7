/** French: `../keeping.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { daysWords } from './time.ts'

export const keepsOtherwise: Catalogue['keepsOtherwise'] = (agreed, does) => {
  if (agreed === undefined) {
    return {
      title: 'Le serveur garde des messages scellés sur son disque, bien que ce salon ne le demande pas.',
      help: 'Il ne peut pas les lire. Cet appareil lui a dit d’arrêter.',
    }
  }
  if (does === 0) {
    return {
      title: 'Le serveur ne garde pas les messages scellés, bien que ce salon le demande.',
      help: 'Qui est absent longtemps, ou pendant un redémarrage du serveur, peut manquer des messages.',
    }
  }
  return {
    title: `Le serveur garde les messages scellés ${daysWords(does)}, et non ${daysWords(agreed)}.`,
    help: 'Qui est absent plus longtemps peut manquer des messages.',
  }
}
