/** French: `../faults.ts`. */
import type { RoomRefusalCode } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'
import { wordsFor } from '../translatable.ts'

const onlyLeaders = 'Seuls le propriétaire et les admins laissent entrer ici.'
const refused: Readonly<Record<RoomRefusalCode, string>> = {
  'may-not-remove': 'Seuls le propriétaire et les admins retirent des personnes, et le propriétaire seul un admin.',
  'may-not-invite': 'Seuls le propriétaire et les admins font ici des liens et y mettent fin.',
  'may-not-change-room': 'Seuls le propriétaire et les admins changent cela, et le propriétaire seul une partie.',
  'not-invited': onlyLeaders,
  'needs-approval': onlyLeaders,
  'room-locked': 'Le salon est verrouillé. Déverrouillez-le pour laisser entrer quelqu’un.',
  'room-full': 'Le salon est plein. Augmentez le nombre de personnes, ou retirez d’abord quelqu’un.',
  'not-a-member': 'Cette personne n’est plus dans le salon.',
  'not-own-device': 'Seule la personne à qui il est peut faire cela avec cet appareil.',
  'link-rate-limited': 'Il y a déjà plusieurs liens d’appareil. Attendez dix minutes et réessayez.',
  'link-unavailable': 'Le serveur tient trop de tels liens maintenant. Réessayez dans dix minutes.',
  'room-ended': 'Le salon est terminé.',
  'not-in-room': 'Cet appareil n’est pas dans le salon en ce moment. Réessayez quand il y sera.',
  'no-answer': 'Le serveur n’a pas répondu à temps. Contrôlez la connexion et réessayez.',
  'wish-expired': 'Cela a attendu un jour et a été abandonné. Redemandez-le si vous le voulez encore.',
  'wish-cancelled': 'Cela a été repris avant de partir.',
  'wish-on-its-way': 'C’est déjà en route et ne peut pas être repris.',
  'request-over': 'Cette demande est close. Qui a demandé doit redemander.',
  'may-not-close': 'Seul qui dirige un salon ouvert le ferme.',
  'own-person': 'C’est un de vos propres appareils.',
  'quantum-required':
    'Ce salon veut des clés quantiques pour tout ce qui se dit, et les mots pour une seule personne n’en ont pas.',
  'bad-successor': 'Ce n’est pas un lien du salon fermé créé pour celui-ci.',
  'not-reached': 'Aucune ligne privée vers cette personne n’a pu être ouverte. Réessayez.',
  'not-handed': 'L’invitation n’a pas encore atteint le serveur. Réessayez quand la connexion sera revenue.',
  'successor-elsewhere': 'Le salon fermé est ouvert dans un autre onglet. Fermez cet onglet, puis réessayez.',
  'keys-changed':
    'Cette personne a d’autres clés que celles que vous avez vérifiées. Vérifiez ou acceptez-les d’abord.',
  'nobody-else': 'Personne d’autre dans le salon ne pourrait les donner.',
  'asked-already': 'Une demande à la fois : celle-ci est encore en cours.',
  'asked-lately': 'Vous venez de demander. Attendez une minute avant de redemander.',
  'too-many-blocks': 'Cet appareil a autant de blocs partagés qu’il peut en tenir. Retirez-en un d’abord.',
  'ask-over': 'La demande a été reprise, ou quelqu’un d’autre les a donnés.',
  'offer-over': 'Cette proposition a été reprise.',
  'nothing-earlier': 'Cet appareil n’a pas de messages d’avant son arrivée.',
  'earlier-quantum':
    'Ce salon exige des clés quantiques, et la ligne privée entre deux appareils n’en a pas. Les messages antérieurs restent où ils sont.',
  'giving-already': 'Vous donnez déjà des messages antérieurs à cette personne.',
  'giving-too-many': 'Vous donnez déjà à plusieurs personnes. Attendez que l’une d’elles ait tout.',
  'no-such-message': 'Ce message n’est plus ici.',
  'not-own-message': 'Seul qui a écrit un message le modifie ou le supprime.',
  'too-many-signs': 'Huit réactions à un message suffisent : retirez-en une d’abord.',
  'held-back': 'Ce salon exige des clés quantiques et n’en a pas en ce moment. Réessayez quand il en aura.',
  'private-reply': 'Ce message est pour une seule personne. Répondez-y à cette personne.',
  'not-for-you-at-server':
    'Le serveur l’a refusé : cet appareil n’y est pas dans le salon, ou ce n’est pas pour cette personne.',
  'server-asked-often': 'Cela vient d’être demandé. Attendez quelques secondes et réessayez.',
  'server-too-old': 'Le serveur ne connaît pas cela. Il est plus ancien que cette page, ou a changé entre-temps.',
  'server-unavailable': 'Le serveur n’a pas pu le faire à l’instant. Réessayez dans une minute.',
  'too-many-links': 'Le salon a autant de liens qu’il peut en tenir. Mettez fin à l’un d’eux d’abord.',
  'no-files': 'Le serveur ne transmet pas de fichiers.',
  'too-many-files': 'Un message prend dix fichiers. Envoyez les autres avec le suivant.',
  'file-too-large': 'Ce fichier est plus gros que ce que le serveur transmet.',
  'file-not-here': 'Ce fichier n’est pas sur cet appareil. Récupérez-le d’abord.',
  'no-space': 'Cet appareil n’a pas de place pour ce fichier. Supprimez quelque chose, puis réessayez.',
}

export const refusedWords: Catalogue['refusedWords'] = (code) =>
  wordsFor(refused, code) ?? `Le salon n’a pas accepté cela (${code}).`

const storage: Readonly<Record<string, string>> = {
  full: 'Le navigateur ne donne plus de place. Libérez-en sur ce disque.',
  closed: 'Le stockage a été fermé, peut-être par un autre onglet. Rechargez la page.',
  damaged: 'Ce que le navigateur a enregistré est abîmé ou ne s’ouvre plus.',
  locked: 'Le stockage est verrouillé par une phrase de passe.',
}

export const storageFaultWords: Catalogue['storageFaultWords'] = (code, message) =>
  wordsFor(storage, code) ?? `Le navigateur ne laisse pas la page enregistrer. ${otherFaultWords(message)}`

export const otherFaultWords: Catalogue['otherFaultWords'] = (message) => `En anglais : « ${isolated(message)} »`

const pictures =
  '🐶 Chien,🐱 Chat,🦁 Lion,🐴 Cheval,🦄 Licorne,🐷 Cochon,🐘 Éléphant,🐰 Lapin,🐼 Panda,🐓 Coq,🐧 Pingouin,🐢 Tortue,🐟 Poisson,' +
  '🐙 Pieuvre,🦋 Papillon,🐝 Abeille,🌵 Cactus,🌲 Sapin,🍄 Champignon,🌻 Tournesol,🍁 Feuille,🌍 Terre,🌙 Lune,⭐ Étoile,☁️ Nuage,' +
  '🔥 Feu,🌈 Arc-en-ciel,⛄ Bonhomme de neige,☂️ Parapluie,🍎 Pomme,🍌 Banane,🍓 Fraise,🍋 Citron,🍇 Raisin,🥕 Carotte,🌽 Maïs,🍕 Pizza,' +
  '🎂 Gâteau,🧀 Fromage,🥨 Bretzel,❤️ Cœur,👓 Lunettes,👑 Couronne,⌛ Sablier,⏰ Réveil,🎁 Cadeau,💡 Ampoule,📕 Livre,' +
  '✏️ Crayon,📎 Trombone,✂️ Ciseaux,🔨 Marteau,☎️ Téléphone,🚂 Train,🚲 Vélo,✈️ Avion,🚀 Fusée,⛵ Bateau,🏆 Coupe,⚽ Ballon,' +
  '🎸 Guitare,🧲 Aimant,🎺 Trompette,⚓ Ancre'
const pictureNames: Readonly<Record<string, string>> = Object.fromEntries(
  pictures.split(',').map((entry) => {
    const at = entry.indexOf(' ')
    return [entry.slice(0, at), entry.slice(at + 1)]
  }),
)

export const pictureName: Catalogue['pictureName'] = (sign, name) => wordsFor(pictureNames, sign) ?? name
