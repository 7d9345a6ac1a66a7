/** French: `../system.ts`. */
import type { EpochLabel, PersonView } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { durationWords } from '../lifetime.ts'
import { counted, isolated, wholeNumber } from '../locale.ts'
import { isYou, listPeople, type Namer } from '../people.ts'
import { percent } from '../quantum.ts'
import { tellBy } from '../sentences.ts'
import { isSamePerson } from '../system.ts'
import { lastMessages } from './earlier.ts'
import { daysWords } from './time.ts'

/** `Vous avez`, `Ben a` */
const has = (person: PersonView, nameOf: Namer): string => (isYou(person) ? 'Vous avez' : `${nameOf(person)} a`)
const whom = (person: PersonView, nameOf: Namer): string => (isYou(person) ? 'vous' : nameOf(person))

const noEarlier = 'De nouvelles clés ont été faites ; qui vient d’entrer ne peut pas lire les messages antérieurs.'
const refreshed: Readonly<Record<EpochLabel, string>> = {
  'quantum (simulated)': 'Clés renouvelées avec une clé d’un lien quantique (simulé)',
  'quantum (hardware)': 'Clés renouvelées avec une clé d’un lien quantique (matériel)',
  'post-quantum': 'Clés renouvelées (post-quantique)',
}

export const repeatedWords: Catalogue['repeatedWords'] = (sentence, times) => `${sentence} (${wholeNumber(times)} fois)`

export const systemSentence: Catalogue['systemSentence'] = tellBy({
  created: ({ by }, nameOf) => `${has(by, nameOf)} créé ce salon.`,
  'you-joined': ({ earlierUnreadable }) =>
    earlierUnreadable
      ? 'Vous êtes entré ici. Ce qui a été dit avant ne peut pas être lu sur cet appareil.'
      : 'Vous êtes entré ici.',
  joined: ({ by, people }, nameOf) => `${has(by, nameOf)} laissé entrer ${listPeople(people, nameOf)}. ${noEarlier}`,
  'let-in': ({ by, people }, nameOf) =>
    `${has(by, nameOf)} laissé entrer, à leur demande, ${listPeople(people, nameOf)}. ${noEarlier}`,
  left: ({ person }, nameOf) => `${has(person, nameOf)} quitté le salon.`,
  removed: ({ by, people }, nameOf) =>
    `${has(by, nameOf)} retiré ${listPeople(people, nameOf)}. De nouvelles clés ont été faites ; rien de ce qui suit ne peut être lu avec les anciennes.`,
  'device-added': ({ person, by }, nameOf) =>
    isSamePerson(person, by)
      ? `${has(by, nameOf)} ajouté un appareil. Il ne peut pas lire les messages antérieurs.`
      : `${has(by, nameOf)} laissé entrer un autre appareil de ${whom(person, nameOf)}. Il ne peut pas lire les messages antérieurs.`,
  'device-removed': ({ person, by }, nameOf) => {
    const newKeys = 'De nouvelles clés ont été faites ; il ne peut rien lire de ce qui suit.'
    if (person.device === by.device) return `${has(person, nameOf)} quitté le salon sur un appareil, pas sur un autre.`
    if (!isSamePerson(person, by)) {
      return isYou(person)
        ? `${has(by, nameOf)} retiré un de vos appareils. ${newKeys}`
        : `${has(by, nameOf)} retiré un appareil de ${nameOf(person)}. ${newKeys}`
    }
    return `${has(by, nameOf)} retiré un de ${isYou(by) ? 'vos' : 'ses'} appareils. ${newKeys}`
  },
  rejoined: ({ people }, nameOf) => {
    const [only] = people
    const missing = people.some(isYou) ? ' Ce qui a été dit entre-temps manque peut-être ici.' : ''
    if (people.length !== 1 || only === undefined) {
      return `Des appareils sont revenus : ${listPeople(people, nameOf)}.${missing}`
    }
    return `${isYou(only) ? 'Votre appareil' : `L’appareil de ${nameOf(only)}`} est revenu.${missing}`
  },
  'keys-refreshed': ({ label }) => refreshed[label],
  'eavesdropper-switched': ({ on, by }, nameOf) =>
    `${has(by, nameOf)} ${on ? 'activé' : 'arrêté'} l’espion simulé. Cela vaut dès le prochain échange de clés.`,
  'eavesdropper-detected': ({ link, qber }, nameOf) =>
    `Le lien quantique simulé entre ${listPeople(link, nameOf)} montre un espion : ${percent(qber)} de ses bits étaient faux. Aucune clé n’en a été faite ; la discussion continue sous X25519 et ML-KEM-768.`,
  gap: ({ fromSeq, toSeq }) =>
    fromSeq === toSeq
      ? `Un élément du salon (numéro ${fromSeq}) est perdu pour cet appareil.`
      : `Des éléments du salon (numéros ${fromSeq} à ${toSeq}) sont perdus pour cet appareil.`,
  'split-view': (event, nameOf) =>
    `Attention : le serveur montre à vous et à ${nameOf(event.with)} des historiques différents de ce salon. Comparez-les par un autre moyen avant de vous y fier.`,
  'keys-changed': ({ person, wasVerified }, nameOf) =>
    wasVerified
      ? `Attention : ${nameOf(person)} porte un nom semblable à celui d’une personne que vous avez vérifiée, avec d’autres clés.`
      : `${nameOf(person)} a d’autres clés que la personne de ce nom qui était ici avant.`,
  compared: ({ person, matched }, nameOf) =>
    matched
      ? `Vous avez vérifié ${nameOf(person)}.`
      : `Vous avez comparé des codes avec ${nameOf(person)}, et ils ne correspondaient pas. Ne dites rien de secret ici avant de savoir pourquoi.`,
  'relay-restarted': () => 'Le serveur a redémarré. La conversation continue.',
  'relay-restarting': () => 'Le serveur redémarre. Les messages attendent son retour.',
  'relay-restored': () =>
    'Le serveur a été ramené à une sauvegarde plus ancienne. Ce que cet appareil a, il le garde, et le salon continue de là. Des messages que personne ici n’avait encore sont peut-être perdus.',
  'log-deleted': ({ by, lines }, nameOf) =>
    `${has(by, nameOf)} fait supprimer au serveur son journal de ce salon : ${counted(lines, { one: '# ligne', other: '# lignes' })}.`,
  'lifetime-set': ({ by, seconds }, nameOf) =>
    seconds === undefined
      ? `${has(by, nameOf)} désactivé les messages éphémères. Ce qui se dit désormais reste.`
      : `${has(by, nameOf)} activé les messages éphémères : ce qui se dit désormais est supprimé une fois vu, après ${durationWords(seconds)}.`,
  'title-set': ({ by, title }, nameOf) =>
    title === undefined
      ? `${has(by, nameOf)} retiré le nom du salon.`
      : `${has(by, nameOf)} nommé le salon « ${isolated(title)} ».`,
  'gone-unseen': ({ from }, nameOf) =>
    `Un message éphémère de ${nameOf(from)} a été supprimé avant d’être vu ici : son temps était passé.`,
  'caught-up': ({ from }, nameOf) =>
    `Rattrapé : ce que le serveur avait perdu est venu de ${listPeople(from, nameOf)}.`,
  'room-locked': ({ on, by }, nameOf) =>
    on
      ? `${has(by, nameOf)} verrouillé le salon. Personne de nouveau n’entre jusqu’au déverrouillage.`
      : `${has(by, nameOf)} déverrouillé le salon. De nouvelles personnes peuvent de nouveau entrer.`,
  'admit-by-set': ({ admitBy, by }, nameOf) =>
    admitBy === 'everyone'
      ? `${has(by, nameOf)} changé qui laisse entrer : tout le salon.`
      : `${has(by, nameOf)} changé qui laisse entrer : le propriétaire et les admins seuls.`,
  'capacity-set': ({ capacity, by }, nameOf) =>
    capacity === undefined
      ? `${has(by, nameOf)} levé la limite du nombre de personnes.`
      : `${has(by, nameOf)} limité le salon à ${counted(capacity, { one: '# personne', other: '# personnes' })}.`,
  'quantum-policy-set': ({ quantum, by }, nameOf) =>
    quantum === 'required'
      ? `${has(by, nameOf)} rendu les clés quantiques obligatoires. Rien n’est envoyé avant que chaque appareil ici en ait une (simulée dans cette version).`
      : `${has(by, nameOf)} rendu les clés quantiques facultatives. Les messages partent aussi sous X25519 et ML-KEM-768 seuls.`,
  'keep-sealed-set': ({ days, by }, nameOf) =>
    days === undefined
      ? `${has(by, nameOf)} mis fin à la garde des messages scellés. Le serveur supprime ceux de son disque.`
      : `${has(by, nameOf)} changé ce que fait le serveur : il garde désormais les messages scellés ${daysWords(days)}, jusqu’à ce que chaque appareil les ait.`,
  'admin-set': ({ person, on, by }, nameOf) => {
    if (isYou(person)) {
      return on
        ? `${has(by, nameOf)} changé un rôle : vous êtes admin.`
        : `${has(by, nameOf)} changé un rôle : vous n’êtes plus admin.`
    }
    return on
      ? `${has(by, nameOf)} nommé ${nameOf(person)} admin.`
      : `${has(by, nameOf)} retiré à ${nameOf(person)} le rôle d’admin.`
  },
  'owner-set': ({ person, by }, nameOf) =>
    person.device === by.device
      ? `${has(by, nameOf)} repris le salon, dont le propriétaire était parti.`
      : `${has(by, nameOf)} remis le salon à ${whom(person, nameOf)}.`,
  'room-ended': ({ by }, nameOf) =>
    `${has(by, nameOf)} mis fin à ce salon. Ce qui a été dit reste lisible ici ; rien de nouveau ne peut être dit.`,
  'earlier-given': ({ by, to, count }, nameOf) =>
    isYou(to)
      ? `${has(by, nameOf)} partagé avec vous ${lastMessages(count)} d’avant votre arrivée.`
      : `${has(by, nameOf)} partagé avec ${nameOf(to)} ${lastMessages(count)} d’avant son arrivée.`,
  successor: ({ by }, nameOf) =>
    isYou(by)
      ? 'Vous avez fermé ce salon et invitez dans un salon privé.'
      : `${nameOf(by)} a fermé ce salon et vous invite dans un salon privé.`,
})

export const unreadableWords: Catalogue['unreadableWords'] = {
  sentence: (reason) => `Quelque chose qui est arrivé ici n’a pas pu être ouvert : ${reason}`,
  from: (name, reason) => `Quelque chose de ${name} n’a pas pu être ouvert : ${reason}`,
  fromYou: (reason) => `Quelque chose de vous n’a pas pu être ouvert : ${reason}`,
  againstRules: 'cela aurait changé le salon contre ses règles. Rien n’a changé.',
  damaged: (code) => `c’était abîmé en chemin ou mal fait (${code}). La discussion continue sans.`,
}

const leftOut = 'Cela a été laissé de côté.'

export const unreadableReasons: Catalogue['unreadableReasons'] = {
  'stale-epoch': `c’était scellé avec des clés qui ne servent plus. ${leftOut}`,
  'own-frame': `c’est une copie de ce que cet appareil a envoyé lui-même. ${leftOut}`,
  'generation-too-far': 'il manque trop de ce que l’expéditeur a dit avant. Le prochain changement de clés y remédie.',
  'wrong-frame-type': `c’est d’une sorte qui n’a pas sa place dans un salon. ${leftOut}`,
  'bad-path': 'cela aurait changé les clés de sorte que tous ne puissent suivre. Rien n’a changé.',
  'not-own-message': 'cela change un message que quelqu’un d’autre a écrit, ce que seul son auteur peut faire.',
  'unknown-content':
    'cette version n’en connaît pas la sorte. Recharger la page en apporte peut-être une plus récente.',
  'wrong-epoch': 'c’était scellé avec des clés que cet appareil n’a pas.',
  'unknown-sender': `qui l’a scellé n’est pas membre du salon. ${leftOut}`,
  'missing-before': 'quelque chose qui a été dit avant n’est pas arrivé ici.',
  rewound: 'le serveur est en retard sur ce qu’il a dit avant. Ce que cet appareil a, il le garde.',
  replayed: `c’est une copie de quelque chose déjà venu. ${leftOut}`,
  undecryptable: `cela a été modifié en chemin. ${leftOut}`,
  'bad-profile': `cela prétend un profil dont les signatures ne tiennent pas. ${leftOut}`,
  'successor-not-leader': `cela dit où ce salon continue, et l’expéditeur ne dirige pas ce salon. ${leftOut}`,
  'earlier-not-asked':
    'cela remet des messages antérieurs que personne ici n’a demandés ni acceptés. Ils ont été laissés de côté.',
  'earlier-not-offered': 'cela accepte des messages antérieurs qui n’étaient pas proposés. Rien n’a été donné.',
  'earlier-changed-keys': `cela concerne des messages antérieurs, et l’expéditeur a d’autres clés que celles que vous avez vérifiées. ${leftOut}`,
  'bad-earlier': 'cela remet des messages antérieurs autrement qu’annoncé. Ils ont été laissés de côté.',
  'not-owner':
    'cela dit que le serveur a supprimé son journal, et l’expéditeur n’est pas le propriétaire du salon. Cela a été laissé de côté.',
  'bad-signature': `sa signature ne tient pas. ${leftOut}`,
  'bad-confirmation-tag': `cela a été modifié en chemin. ${leftOut}`,
}
