/** French: `../server.ts`. */
import type { ServerTables } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'
import { rawNames, spanWords } from '../server.ts'
import { sizeWords } from '../sizes.ts'

type Keeps = ServerTables['keeps']

export const serverWords: Catalogue['serverWords'] = {
  title: 'Ce que le serveur sait',
  intro:
    'Voici tout ce que le serveur dit avoir maintenant sur ce salon dans sa base de données, table par table. Personne ici ne peut vérifier que c’est tout.',
  fetching: 'Le serveur est interrogé…',
  fetched: (time) => `Le serveur a répondu cela à ${time}.`,
  refresh: 'Actualiser',
  failed: 'Le serveur n’a pas dit ce qu’il a enregistré.',
  stored: 'Dans sa base de données',
  empty: 'Rien pour le moment.',
  others: (tables) => `Ces tables ne contiennent rien sur aucun salon : ${rawNames(tables)}.`,
  table: (name, rows) => `${name} : ${counted(rows, { one: '# ligne', other: '# lignes' })}`,
  unknownTable: 'Cette version de la page ne sait pas à quoi sert cette table.',
  withheldOthers: (rows) =>
    counted(rows, {
      one: '# ligne est celle d’un autre appareil. Elle est comptée et n’est pas montrée.',
      other: '# lignes sont celles d’autres appareils. Elles sont comptées et ne sont pas montrées.',
    }),
  withheld: (rows) =>
    counted(rows, {
      one: '# ligne concerne une ligne privée entre d’autres personnes. Elle est comptée sans être montrée, car elle vous dirait qui parle avec qui.',
      other:
        '# lignes concernent des lignes privées entre d’autres personnes. Elles sont comptées sans être montrées, car elles vous diraient qui parle avec qui.',
    }),
  sealed: (bytes) => `Scellé dans ces lignes : ${sizeWords(bytes)}. Le serveur ne peut pas l’ouvrir.`,
  noRows: 'Les lignes n’ont pas pu être récupérées.',
  moreRows: 'Afficher plus de lignes',
  cut: (start, length) => `${start}… (${wholeNumber(length)} caractères)`,
  bytes: (count) => `${sizeWords(count)}, scellé`,
  nothing: 'rien',
  memory: 'Dans sa mémoire vive',
  memoryHelp: 'Cela disparaît quand le serveur s’arrête.',
  sees: 'Ce qu’il voit d’autre',
  seen: [
    'L’adresse internet d’où se connecte chaque appareil, et quand il vient et part.',
    'La taille et l’heure de tout ce qui passe, et de quel appareil cela vient.',
    'Entre quels appareils se font des clés quantiques.',
    'Qu’une ligne privée transporte quelque chose, et pour quels appareils.',
  ],
  seenHelp:
    'Il en a besoin pour transmettre, et qui fait tourner le serveur pourrait le noter ailleurs. Il ne voit ni noms, ni textes, ni le titre du salon, ni aucune clé.',
  deleteLog: 'Supprimer le journal du serveur',
  deleteHelp: 'Ce salon est à vous ; vous pouvez donc faire supprimer au serveur son journal.',
  deleteTitle: 'Supprimer le journal du serveur sur ce salon ?',
  deleteWhat: [
    'Le serveur supprime chaque ligne qu’il a notée jusqu’ici sur ce salon. Les messages restent où ils sont.',
    'Tout le salon apprend que vous l’avez fait. Ce que quelqu’un a lu ou copié avant ne peut être repris, et de nouvelles lignes s’écrivent ensuite.',
  ],
  deleteYes: 'Supprimer le journal',
  deleteNo: 'Le garder',
  deleteFailed: 'Le journal n’a pas été supprimé.',
}

const whileRoom = 'Cela reste aussi longtemps que le salon.'
const whileSealed = ({ sealedMs }: Keeps): string =>
  sealedMs === undefined
    ? 'Ce salon ne garde aucun message scellé au serveur.'
    : `C’est supprimé dès que chaque appareil l’a, et après ${spanWords(sealedMs)} au plus tard.`

export const tableWords: Catalogue['tableWords'] = {
  rooms: {
    name: 'Le salon',
    holds:
      'Son adresse, quand il a été créé, l’appareil de son propriétaire, le nombre de personnes attendu et les clés publiques de ses liens.',
    kept: () => whileRoom,
  },
  members: {
    name: 'Appareils du salon',
    holds: 'L’empreinte de chaque appareil, ses clés publiques, et s’il est parti. Aucun nom.',
    kept: () =>
      'Cela reste aussi longtemps que le salon, même pour les appareils partis : les autres en ont besoin pour contrôler d’anciennes clés.',
  },
  join_requests: {
    name: 'Demandes d’entrée',
    holds: 'Les appareils qui ont demandé à entrer et qui attendent, avec leurs clés publiques.',
    kept: ({ requestMs }) =>
      `Une demande s’efface quand elle a sa réponse, et après ${spanWords(requestMs)} au plus tard.`,
  },
  key_packages: {
    name: 'Clés publiques pour lignes privées',
    holds:
      'Des clés laissées par les appareils pour que d’autres puissent leur ouvrir une ligne privée en leur absence.',
    kept: () =>
      'Chacune est remise une fois et supprimée avec cela ; toutes celles d’un appareil le sont quand il part.',
  },
  streams: {
    name: 'Positions des flux',
    holds: 'Où en sont le salon et chaque ligne privée : des nombres, et quel appareil a changé les clés en dernier.',
    kept: () => whileRoom,
  },
  kept_streams: {
    name: 'Flux avec messages gardés',
    holds: 'D’où à où des messages scellés sont gardés.',
    kept: whileSealed,
  },
  kept_frames: {
    name: 'Messages scellés gardés',
    holds:
      'Des messages et des changements de clés, scellés pour que le serveur ne puisse pas les ouvrir, avec expéditeur, taille et heure.',
    kept: whileSealed,
  },
  kept_devices: {
    name: 'Où en est chaque appareil',
    holds: 'Le dernier message scellé que chaque appareil a reçu.',
    kept: whileSealed,
  },
  kept_welcomes: {
    name: 'Accueils scellés gardés',
    holds: 'Ce qu’il faut aux nouveaux pour lire, scellé pour eux seuls.',
    kept: whileSealed,
  },
  kept_invited: {
    name: 'Qui a un accueil à prendre',
    holds: 'Pour quels appareils sont ces accueils, et quel changement de clés les a laissés entrer.',
    kept: whileSealed,
  },
  push_subscriptions: {
    name: 'Où appeler',
    holds:
      'Les adresses push des appareils qui veulent être appelés en leur absence, et quand elles ont été données pour la dernière fois.',
    kept: () =>
      'Elles sont effacées quand on désactive cela, quand l’appareil s’en va ou que l’adresse n’est plus valable, et après 90 jours sans confirmation.',
  },
  room_logs: {
    name: 'Journal du salon',
    holds: 'Ce qui s’est passé dans le salon, ligne par ligne : empreintes, heures et tailles. Aucun nom, aucun texte.',
    kept: ({ logMs, trafficLogMs, endedLogMs }) => {
      if (logMs === undefined || trafficLogMs === undefined)
        return 'Les lignes restent jusqu’à ce que quelqu’un les supprime.'
      const [line, traffic] = [spanWords(logMs), spanWords(trafficLogMs)]
      return endedLogMs === undefined
        ? `Une ligne s’efface après ${line}, celle d’un seul message après ${traffic}.`
        : `Une ligne s’efface après ${line}, celle d’un seul message après ${traffic} ; quand le salon est terminé, toutes après ${spanWords(endedLogMs)}.`
    },
  },
}

export const memoryWords: Catalogue['memoryWords'] = (memory) => {
  const { frames, frameBytes, pairs, pairFrames, pairFrameBytes, framesMs, connected, welcomes, links } = memory
  return [
    `Appareils connectés maintenant : ${wholeNumber(connected)}.`,
    `Messages scellés du salon, pour que les appareils puissent rattraper : ${wholeNumber(frames)}, en tout ${sizeWords(frameBytes)}. Chacun s’efface après ${spanWords(framesMs)}.`,
    `Lignes privées entre appareils : ${wholeNumber(pairs)}. Éléments scellés qu’elles portent : ${wholeNumber(pairFrames)}, en tout ${sizeWords(pairFrameBytes)}.`,
    `Accueils scellés que personne n’a pris : ${wholeNumber(welcomes)}. Liens d’appareil scellés que personne n’a pris : ${wholeNumber(links)}.`,
    `Où en est le salon : numéro ${memory.seq} du cycle ${memory.inc.slice(0, 6)}, époque ${memory.epoch}.`,
  ]
}
