/** French: `../problems.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const problemWords: Catalogue['problemWords'] = {
  unexpected: 'Quelque chose a mal tourné sur cette page. Si elle n’avance plus, rechargez-la.',
  dismiss: 'Masquer',
  broken: 'Cette page s’est arrêtée',
  brokenHelp:
    'Une erreur dans la page elle-même. Ce que vous avez envoyé est bien enregistré ; recharger vous ramène au salon.',
  reload: 'Recharger la page',
  noVerify: 'La vérification n’a pas pu être notée.',
  noTell: 'Le réglage n’a pas pu être changé.',
  noSend: 'Le message n’a pas pu être enregistré ; il se trouve donc de nouveau dans le champ.',
  noRetry: 'Le message n’a pas pu être renvoyé.',
  noDelete: 'Le message n’a pas pu être supprimé.',
  noSwitch: 'L’espion n’a pas pu être activé ou arrêté.',
  noLeave: 'Le salon n’a pas pu être quitté.',
  noPart:
    'Une partie de cette page n’a pas pu être chargée, ou elle a été modifiée et ne tourne donc pas. Contrôlez la connexion et rechargez la page. Si cela persiste, dites-le à qui fait tourner ce serveur.',
  noRun: 'L’échange de clés n’a pas pu être lancé.',
}
