/** French: `../push.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const pushWords: Catalogue['pushWords'] = {
  on: 'M’appeler quand cette page est fermée',
  help: 'Pour ce salon, sur cet appareil. Quand quelqu’un écrit alors que la page est fermée, le serveur fait appeler ce navigateur par le service push de son fabricant. Cela marche tant que le navigateur peut tourner en arrière-plan.',
  learns: 'Qui apprend quoi, tant que c’est activé',
  service: 'Le service push du fabricant du navigateur apprend que ce serveur appelle ce navigateur, et quand.',
  server:
    'Le serveur apprend l’adresse push de ce navigateur, la même pour tous les salons où vous activez cela ici. Tant que quelqu’un dans le salon l’a activé, il apprend aussi quels messages scellés ont été écrits par des personnes.',
  nobody:
    'Personne n’apprend par là ni les mots, ni les noms, ni le salon. L’appel est vide, et la notification dit seulement qu’il y a de nouveaux messages.',
  mentions:
    'Le serveur ne peut pas lire qui est mentionné : l’appel vient pour chaque message, pas seulement pour les mentions.',
  failed: 'Le réglage n’a pas pu être changé.',
  faults: {
    impossible:
      'Ce navigateur ne peut pas être appelé pour cette page : il n’en garde pas de copie, ou n’a pas de push.',
    'old-page':
      'Ce navigateur exécute encore une version plus ancienne de cette page. Fermez tous ses onglets, rouvrez-la, puis activez cela.',
    'no-service': 'Ce navigateur n’a pas de connexion à un service push, ou n’en veut pas.',
  },
  called: 'Nouveaux messages dans un salon QSEC',
}
