/** French: `../verify.ts`. */
import type { VerifiedHow } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'
import { dateOf } from '../time.ts'
import { trustWords } from './trust.ts'

export const verifyWords: Catalogue['verifyWords'] = {
  close: 'Fermer',
  back: 'Retour',
  fingerprint: 'Empreinte des clés',
  lookalike: 'Quelqu’un d’autre ici a un nom qui ressemble à celui-ci. Distinguez-les par l’empreinte.',
  whom: 'Qui voulez-vous vérifier ?',
  nobody: 'Personne d’autre n’est encore ici.',
  how: (name) =>
    `Rencontrez ${isolated(name)}, ou appelez de façon à reconnaître sa voix. Comparer par des messages dans ce salon ne prouve rien.`,
  roomCode: 'Code du salon',
  roomCodeOf: (epoch) => `Code du salon de l’époque ${epoch}`,
  roomCodeHelp:
    'Tout le salon voit ce code maintenant. Si celui de quelqu’un diffère, le serveur vous montre des salons différents : ne dites rien de secret, et créez un nouveau salon.',
  roomCodeNone: 'Il y a un code une fois que vous êtes dans le salon.',
  roomMoved: (epoch) =>
    `Le salon est passé à l’époque ${epoch}. Fermez ceci et rouvrez-le pour comparer le nouveau code.`,
  pictures: 'Comparer six images',
  picturesHelp: 'Le plus rapide au téléphone. Vous voyez tous deux six images ; dites-vous leurs noms.',
  picturesStart: 'Comparer les images',
  six: 'Six images',
  match: 'Elles correspondent',
  noMatch: 'Elles ne correspondent pas',
  stop: 'Arrêter',
  scan: 'Scanner un code',
  scanHelp: 'Le mieux côte à côte. L’un montre ce code, l’autre le scanne ; puis l’inverse.',
  scanStart: 'Scanner l’autre code',
  scanStop: 'Arrêter la caméra',
  camera: 'Image de la caméra',
  noCamera:
    'La caméra ne peut pas servir (elle manque, est occupée, ou cette page n’y est pas autorisée). Comparez plutôt le nombre.',
  number: 'Comparer un nombre',
  numberHelp:
    'Vous voyez tous deux ces 60 chiffres. Lisez-les-vous, ou collez ce que l’autre a envoyé par un autre moyen.',
  numberOfBoth: 'Votre nombre commun',
  theirs: 'Le nombre de l’autre',
  check: 'Comparer les nombres',
  theySaySame: (name) => `${isolated(name)} dit qu’elles correspondent.`,
  theySayOther: (name) =>
    `${isolated(name)} dit qu’elles ne correspondent pas. Arrêtez, et regardez de nouveau ensemble.`,
  verifiedNow: (name) => `Vous avez vérifié ${isolated(name)}.`,
  verifiedHelp:
    'C’est noté sur cet appareil seulement : l’autre vous vérifie aussi. Ici, cela reste tant que les clés sont les mêmes.',
  elsewhere:
    'Pour vous connaître aussi dans d’autres salons, vous pouvez tous deux le dire à ces salons, dans leurs détails.',
  mismatch: 'Les codes ne correspondent pas.',
  mismatchDo: [
    'Assurez-vous que chacun regarde le nom de l’autre dans ce salon, et essayez encore une fois.',
    'Si cela échoue de nouveau, quelqu’un se tient peut-être entre vous : n’écrivez rien de secret ici.',
    'Envoyez-vous un nouveau lien d’invitation par un autre moyen, et vérifiez là-bas.',
  ],
  unlinked: 'Ne pas dire à ce salon que c’est moi',
  unlinkedHelp:
    'Activé : personne ne peut vous relier à vos autres salons. Désactivé : qui vous a vérifié ailleurs vous reconnaît ici ; les membres gardent ce qu’on leur a dit, et le serveur ne l’apprend jamais.',
}

const how: Readonly<Record<VerifiedHow, string>> = {
  scan: 'en scannant un code',
  number: 'en comparant un nombre',
  pictures: 'en comparant des images',
}

export const standingWords: Catalogue['standingWords'] = ({ name, standing }) => {
  const { trust, verification, sinceMs } = standing
  switch (trust) {
    case 'self':
      return 'C’est vous.'
    case 'new':
      return `Vous rencontrez ${isolated(name) || 'cette personne'} pour la première fois. Rien ne dit encore si le nom est vrai.`
    case 'seen':
      return `Ce sont les clés que vous connaissez depuis le ${dateOf(sinceMs ?? Date.now())}. Vous n’avez pas vérifié à qui elles sont.`
    case 'verified':
      return verification
        ? `Vous avez vérifié ces clés le ${dateOf(verification.atMs)} ${how[verification.how]}.`
        : 'C’est votre propre navigateur, dans un autre onglet.'
    case 'changed':
      return standing.wasVerified === true
        ? 'Vous avez vérifié quelqu’un d’un nom semblable. Voici d’autres clés : un nouveau navigateur de la même personne, ou quelqu’un d’autre.'
        : 'Quelqu’un d’un nom semblable était ici avant, avec d’autres clés : la même personne avec un nouveau navigateur, ou quelqu’un d’autre.'
  }
}

export const comparisonWords: Catalogue['comparisonWords'] = ({ state, with: { name } }) => {
  switch (state.at) {
    case 'asked':
      return trustWords.asks(name)
    case 'waiting':
      return `En attente de l’accord de ${isolated(name)}…`
    case 'committed':
      return 'Presque prêt…'
    case 'showing':
      return `${isolated(name)} voit-il les mêmes six, dans cet ordre ?`
    case 'answered':
      return state.matched ? verifyWords.verifiedNow(name) : verifyWords.mismatch
    case 'over':
      return {
        cancelled: `${isolated(name)} a arrêté, ou le salon a avancé. Essayez de nouveau.`,
        expired: 'Personne n’a répondu en cinq minutes. Essayez de nouveau.',
        broken:
          'Ce qui est venu de l’autre côté n’était pas ce qu’il avait promis. Essayez de nouveau ; si cela se répète, ne vous fiez pas à ces clés.',
      }[state.reason]
  }
}

export const scanWords: Catalogue['scanWords'] = (result) =>
  result === 'other-room'
    ? 'Ce code appartient à un autre salon. Que l’autre personne ouvre celui de ce salon.'
    : 'Ce n’est pas un code de QSEC. Il a 60 chiffres, ou c’est l’image dans la fenêtre « Vérifier » de l’autre personne.'
