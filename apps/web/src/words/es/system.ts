/** Spanish: `../system.ts`. */
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

/** `Has`, `Ben ha` */
const has = (person: PersonView, nameOf: Namer): string => (isYou(person) ? 'Has' : `${nameOf(person)} ha`)
const toWhom = (person: PersonView, nameOf: Namer): string => (isYou(person) ? 'ti' : nameOf(person))
const listTo = (people: readonly PersonView[], nameOf: Namer): string => listPeople(people, nameOf, 4, 'ti')

const noEarlier = 'Se hicieron claves nuevas; quien acaba de entrar no puede leer los mensajes anteriores.'
const refreshed: Readonly<Record<EpochLabel, string>> = {
  'quantum (simulated)': 'Claves renovadas con una clave de un enlace cuántico (simulado)',
  'quantum (hardware)': 'Claves renovadas con una clave de un enlace cuántico (hardware)',
  'post-quantum': 'Claves renovadas (poscuántico)',
}

export const repeatedWords: Catalogue['repeatedWords'] = (sentence, times) =>
  `${sentence} (${wholeNumber(times)} veces)`

export const systemSentence: Catalogue['systemSentence'] = tellBy({
  created: ({ by }, nameOf) => `${has(by, nameOf)} creado esta sala.`,
  'you-joined': ({ earlierUnreadable }) =>
    earlierUnreadable ? 'Entraste aquí. Lo que se dijo antes no puede leerse en este dispositivo.' : 'Entraste aquí.',
  joined: ({ by, people }, nameOf) => `${has(by, nameOf)} dejado entrar a ${listTo(people, nameOf)}. ${noEarlier}`,
  'let-in': ({ by, people }, nameOf) =>
    `${has(by, nameOf)} dejado entrar, tras su petición, a ${listTo(people, nameOf)}. ${noEarlier}`,
  left: ({ person }, nameOf) => `${has(person, nameOf)} salido.`,
  removed: ({ by, people }, nameOf) =>
    `${has(by, nameOf)} quitado a ${listTo(people, nameOf)}. Se hicieron claves nuevas; nada de aquí en adelante puede leerse con las antiguas.`,
  'device-added': ({ person, by }, nameOf) =>
    isSamePerson(person, by)
      ? `${has(by, nameOf)} añadido un dispositivo. No puede leer los mensajes anteriores.`
      : `${has(by, nameOf)} dejado entrar a otro dispositivo de ${toWhom(person, nameOf)}. No puede leer los mensajes anteriores.`,
  'device-removed': ({ person, by }, nameOf) => {
    const newKeys = 'Se hicieron claves nuevas; no puede leer nada de aquí en adelante.'
    if (person.device === by.device) return `${has(person, nameOf)} salido en un dispositivo y sigue en otro.`
    if (!isSamePerson(person, by)) {
      return isYou(person)
        ? `${has(by, nameOf)} quitado un dispositivo tuyo. ${newKeys}`
        : `${has(by, nameOf)} quitado un dispositivo de ${nameOf(person)}. ${newKeys}`
    }
    return `${has(by, nameOf)} quitado uno de ${isYou(by) ? 'tus' : 'sus'} dispositivos. ${newKeys}`
  },
  rejoined: ({ people }, nameOf) => {
    const [only] = people
    const missing = people.some(isYou) ? ' Lo que se dijo entretanto puede faltar aquí.' : ''
    if (people.length !== 1 || only === undefined)
      return `Han vuelto dispositivos de ${listTo(people, nameOf)}.${missing}`
    return `Ha vuelto ${isYou(only) ? 'tu dispositivo' : `el dispositivo de ${nameOf(only)}`}.${missing}`
  },
  'keys-refreshed': ({ label }) => refreshed[label],
  'eavesdropper-switched': ({ on, by }, nameOf) =>
    `${has(by, nameOf)} ${on ? 'activado' : 'parado'} el espía simulado. Vale desde el próximo intercambio de claves.`,
  'eavesdropper-detected': ({ link, qber }, nameOf) =>
    `El enlace cuántico simulado entre ${listPeople(link, nameOf)} muestra un espía: el ${percent(qber)} de sus bits era erróneo. No se hizo ninguna clave con él; el chat sigue bajo X25519 y ML-KEM-768.`,
  gap: ({ fromSeq, toSeq }) =>
    fromSeq === toSeq
      ? `Se ha perdido para este dispositivo un elemento de la sala (número ${fromSeq}).`
      : `Se han perdido para este dispositivo elementos de la sala (números ${fromSeq} a ${toSeq}).`,
  'split-view': (event, nameOf) =>
    `Aviso: el servidor os muestra a ti y a ${nameOf(event.with)} historiales distintos de esta sala. Comparadlos por otro medio antes de fiarte.`,
  'keys-changed': ({ person, wasVerified }, nameOf) =>
    wasVerified
      ? `Aviso: ${nameOf(person)} tiene un nombre como el de alguien que verificaste, y otras claves.`
      : `${nameOf(person)} tiene otras claves que la persona con ese nombre que estuvo aquí antes.`,
  compared: ({ person, matched }, nameOf) =>
    matched
      ? `Has verificado a ${nameOf(person)}.`
      : `Comparaste códigos con ${nameOf(person)}, y no coincidían. No digas aquí nada secreto hasta saber por qué.`,
  'relay-restarted': () => 'El servidor se reinició. La conversación sigue.',
  'relay-restarting': () => 'El servidor se reinicia. Los mensajes esperan hasta que vuelva.',
  'relay-restored': () =>
    'El servidor volvió a una copia de seguridad anterior suya. Lo que este dispositivo tiene, lo conserva, y la sala sigue desde ahí. Puede que se hayan perdido mensajes que aquí nadie tenía aún.',
  'log-deleted': ({ by, lines }, nameOf) =>
    `${has(by, nameOf)} hecho que el servidor elimine su registro de esta sala: ${counted(lines, { one: '# línea', other: '# líneas' })}.`,
  'lifetime-set': ({ by, seconds }, nameOf) =>
    seconds === undefined
      ? `${has(by, nameOf)} desactivado los mensajes que desaparecen. Lo que se diga desde ahora se queda.`
      : `${has(by, nameOf)} activado los mensajes que desaparecen: lo que se diga desde ahora se elimina, una vez visto, tras ${durationWords(seconds)}.`,
  'title-set': ({ by, title }, nameOf) =>
    title === undefined
      ? `${has(by, nameOf)} quitado el nombre de la sala.`
      : `${has(by, nameOf)} llamado a la sala «${isolated(title)}».`,
  'gone-unseen': ({ from }, nameOf) =>
    `Un mensaje que desaparece, de ${nameOf(from)}, se eliminó antes de que se viera aquí: se le acabó el tiempo.`,
  'caught-up': ({ from }, nameOf) => `Al día: lo que el servidor había perdido vino de ${listTo(from, nameOf)}.`,
  'room-locked': ({ on, by }, nameOf) =>
    on
      ? `${has(by, nameOf)} bloqueado la sala. No entra nadie nuevo hasta que se desbloquee.`
      : `${has(by, nameOf)} desbloqueado la sala. Puede volver a entrar gente nueva.`,
  'admit-by-set': ({ admitBy, by }, nameOf) =>
    admitBy === 'everyone'
      ? `${has(by, nameOf)} cambiado quién deja entrar a gente: toda la sala.`
      : `${has(by, nameOf)} cambiado quién deja entrar a gente: solo la dirección de la sala.`,
  'capacity-set': ({ capacity, by }, nameOf) =>
    capacity === undefined
      ? `${has(by, nameOf)} quitado el límite del número de personas.`
      : `${has(by, nameOf)} limitado la sala a ${counted(capacity, { one: '# persona', other: '# personas' })}.`,
  'quantum-policy-set': ({ quantum, by }, nameOf) =>
    quantum === 'required'
      ? `${has(by, nameOf)} hecho obligatorias las claves cuánticas. No se envía nada hasta que cada dispositivo de aquí tenga una (simulada en esta versión).`
      : `${has(by, nameOf)} hecho opcionales las claves cuánticas. Los mensajes salen también solo bajo X25519 y ML-KEM-768.`,
  'keep-sealed-set': ({ days, by }, nameOf) =>
    days === undefined
      ? `${has(by, nameOf)} terminado de guardar mensajes sellados. El servidor elimina los de su disco.`
      : `${has(by, nameOf)} cambiado lo que hace el servidor: ahora guarda los mensajes sellados ${daysWords(days)}, hasta que cada dispositivo los tenga.`,
  'admin-set': ({ person, on, by }, nameOf) =>
    on
      ? `${has(by, nameOf)} dado la administración a ${toWhom(person, nameOf)}.`
      : `${has(by, nameOf)} quitado la administración a ${toWhom(person, nameOf)}.`,
  'owner-set': ({ person, by }, nameOf) =>
    person.device === by.device
      ? `${has(by, nameOf)} asumido la sala, cuya propiedad había quedado libre.`
      : `${has(by, nameOf)} entregado la sala a ${toWhom(person, nameOf)}.`,
  'room-ended': ({ by }, nameOf) =>
    `${has(by, nameOf)} terminado esta sala. Lo que se dijo sigue siendo legible aquí; ya no se puede decir nada más.`,
  'earlier-given': ({ by, to, count }, nameOf) =>
    isYou(to)
      ? `${has(by, nameOf)} compartido contigo ${lastMessages(count)} de antes de que entraras.`
      : `${has(by, nameOf)} compartido con ${nameOf(to)} ${lastMessages(count)} de antes de que entrara.`,
  successor: ({ by }, nameOf) =>
    isYou(by)
      ? 'Has cerrado esta sala e invitas a una privada.'
      : `${nameOf(by)} ha cerrado esta sala y te invita a una privada.`,
})

export const unreadableWords: Catalogue['unreadableWords'] = {
  sentence: (reason) => `No se pudo abrir algo que llegó aquí: ${reason}`,
  from: (name, reason) => `No se pudo abrir algo de ${name}: ${reason}`,
  fromYou: (reason) => `No se pudo abrir algo tuyo: ${reason}`,
  againstRules: 'habría cambiado la sala contra sus reglas. Nada cambió.',
  damaged: (code) => `se dañó en el camino o estaba mal hecho (${code}). El chat sigue sin ello.`,
}

const leftOut = 'Se dejó fuera.'

export const unreadableReasons: Catalogue['unreadableReasons'] = {
  'stale-epoch': `estaba sellado con claves que ya no se usan. ${leftOut}`,
  'own-frame': `es una copia de algo que este mismo dispositivo envió. ${leftOut}`,
  'generation-too-far': 'falta demasiado de lo que dijo antes quien lo envió. El próximo cambio de claves lo arregla.',
  'wrong-frame-type': `es de una clase que no tiene lugar en una sala. ${leftOut}`,
  'bad-path': 'habría cambiado las claves de modo que no todos pudieran seguir. Nada cambió.',
  'not-own-message': 'cambia un mensaje que escribió otra persona, lo que solo puede hacer su autor.',
  'unknown-content': 'esta versión no conoce su clase. Recargar la página puede traer una más nueva.',
  'wrong-epoch': 'estaba sellado con claves que este dispositivo no tiene.',
  'unknown-sender': `quien lo selló no es miembro de la sala. ${leftOut}`,
  'missing-before': 'algo que se dijo antes no llegó aquí.',
  rewound: 'el servidor va por detrás de lo que dijo antes. Lo que este dispositivo tiene, lo conserva.',
  replayed: `es una copia de algo que ya vino. ${leftOut}`,
  undecryptable: `fue modificado en el camino. ${leftOut}`,
  'bad-profile': `afirma un perfil cuyas firmas no valen. ${leftOut}`,
  'successor-not-leader': `dice dónde sigue esta sala, y quien lo envió no la dirige. ${leftOut}`,
  'earlier-not-asked': 'entrega mensajes anteriores que nadie de aquí pidió ni aceptó. Se dejaron fuera.',
  'earlier-not-offered': 'acepta mensajes anteriores que no se ofrecieron. No se dio nada.',
  'earlier-changed-keys': `trata de mensajes anteriores, y quien lo envió tiene otras claves que las que verificaste. ${leftOut}`,
  'bad-earlier': 'entrega mensajes anteriores de otro modo que el que dijo. Se dejaron fuera.',
  'not-owner':
    'dice que el servidor eliminó su registro, y quien lo envió no tiene la propiedad de la sala. Se dejó fuera.',
  'bad-signature': `su firma no vale. ${leftOut}`,
  'bad-confirmation-tag': `fue modificado en el camino. ${leftOut}`,
}
