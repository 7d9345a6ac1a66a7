/** Spanish: `../faults.ts`. */
import type { RoomRefusalCode } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'
import { wordsFor } from '../translatable.ts'

const onlyLeaders = 'Aquí solo la dirección de la sala deja entrar a gente.'
const refused: Readonly<Record<RoomRefusalCode, string>> = {
  'may-not-remove': 'Solo la dirección de la sala saca a gente, y a quien administra solo su propiedad.',
  'may-not-invite': 'Aquí solo la dirección de la sala hace y termina enlaces.',
  'may-not-change-room': 'Solo la dirección de la sala cambia esto, y parte solo su propiedad.',
  'not-invited': onlyLeaders,
  'needs-approval': onlyLeaders,
  'room-locked': 'La sala está bloqueada. Desbloquéala para dejar entrar a alguien.',
  'room-full': 'La sala está llena. Sube el número de personas, o saca antes a alguien.',
  'not-a-member': 'Esa persona ya no está en la sala.',
  'not-own-device': 'Solo su propia persona puede hacer eso con este dispositivo.',
  'link-rate-limited': 'Ya hay varios enlaces para dispositivos. Espera diez minutos e inténtalo de nuevo.',
  'link-unavailable': 'El servidor tiene ahora demasiados enlaces así. Inténtalo de nuevo en diez minutos.',
  'room-ended': 'La sala ha terminado.',
  'not-in-room': 'Este dispositivo no está ahora en la sala. Inténtalo de nuevo cuando lo esté.',
  'no-answer': 'El servidor no respondió a tiempo. Mira la conexión e inténtalo de nuevo.',
  'wish-expired': 'Esto esperó un día y se abandonó. Pídelo otra vez si aún lo quieres.',
  'wish-cancelled': 'Esto se retiró antes de salir.',
  'wish-on-its-way': 'Esto ya está en camino y no se puede retirar.',
  'request-over': 'Esa petición se acabó. Quien la hizo tiene que pedir otra vez.',
  'may-not-close': 'Solo quien dirige una sala abierta la cierra.',
  'own-person': 'Es un dispositivo tuyo.',
  'quantum-required':
    'Esta sala quiere claves cuánticas para todo lo que se dice, y las palabras para una sola persona no las tienen.',
  'bad-successor': 'Ese no es un enlace de la sala cerrada que se hizo para esta.',
  'not-reached': 'No se pudo abrir ahora ninguna línea privada con esa persona. Inténtalo de nuevo.',
  'not-handed': 'La invitación aún no ha llegado al servidor. Inténtalo de nuevo cuando vuelva la conexión.',
  'successor-elsewhere': 'La sala cerrada está abierta en otra pestaña. Cierra esa pestaña e inténtalo de nuevo.',
  'keys-changed': 'Esa persona tiene otras claves que las que verificaste. Verifícalas o acéptalas antes.',
  'nobody-else': 'No hay nadie más en la sala que pueda darlos.',
  'asked-already': 'Una petición cada vez: esta sigue en marcha.',
  'asked-lately': 'Acabas de pedirlo. Espera un minuto antes de pedir otra vez.',
  'too-many-blocks': 'Este dispositivo tiene todos los bloques compartidos que puede. Quita antes uno.',
  'ask-over': 'Eso se retiró, u otra persona los ha dado.',
  'offer-over': 'Esa oferta se retiró.',
  'nothing-earlier': 'Este dispositivo no tiene mensajes de antes de que entrara.',
  'earlier-quantum':
    'Esta sala exige claves cuánticas, y la línea privada entre dos dispositivos no las tiene. Los mensajes anteriores se quedan donde están.',
  'giving-already': 'Ya estás dando mensajes anteriores a esa persona.',
  'giving-too-many': 'Ya estás dando a varias personas. Espera hasta que una lo tenga todo.',
  'no-such-message': 'Ese mensaje ya no está aquí.',
  'not-own-message': 'Solo quien escribió un mensaje lo cambia o elimina.',
  'too-many-signs': 'Ocho reacciones a un mensaje bastan: retira antes una.',
  'held-back': 'Esta sala exige claves cuánticas, y ahora no tiene. Inténtalo de nuevo cuando las tenga.',
  'private-reply': 'Ese mensaje es para una sola persona. Respóndele a ella.',
  'not-for-you-at-server':
    'El servidor lo rechazó: este dispositivo no está allí en la sala, o no es cosa de esta persona.',
  'server-asked-often': 'Eso se acaba de pedir. Espera unos segundos e inténtalo de nuevo.',
  'server-too-old': 'El servidor no conoce eso. Es más antiguo que esta página, o ha cambiado entretanto.',
  'server-unavailable': 'El servidor no pudo hacerlo ahora. Inténtalo de nuevo en un minuto.',
  'too-many-links': 'La sala tiene todos los enlaces que puede. Termina antes uno.',
  'no-files': 'El servidor no pasa archivos.',
  'too-many-files': 'En un mensaje caben diez archivos. Envía los demás con el siguiente.',
  'file-too-large': 'Ese archivo es más grande de lo que pasa el servidor.',
  'file-not-here': 'Ese archivo no está en este dispositivo. Tráelo antes.',
  'no-space': 'Este dispositivo no tiene sitio para ese archivo. Elimina algo e inténtalo de nuevo.',
}

export const refusedWords: Catalogue['refusedWords'] = (code) =>
  wordsFor(refused, code) ?? `La sala no aceptó eso (${code}).`

const storage: Readonly<Record<string, string>> = {
  full: 'El navegador no da más espacio. Libera algo en este disco.',
  closed: 'El almacenamiento se cerró, quizá por otra pestaña. Recarga la página.',
  damaged: 'Lo que el navegador guardó está dañado o ya no se abre.',
  locked: 'El almacenamiento está bloqueado con una frase de contraseña.',
}

export const storageFaultWords: Catalogue['storageFaultWords'] = (code, message) =>
  wordsFor(storage, code) ?? `El navegador no deja guardar a la página. ${otherFaultWords(message)}`

export const otherFaultWords: Catalogue['otherFaultWords'] = (message) => `En inglés: «${isolated(message)}»`

const pictures =
  '🐶 Perro,🐱 Gato,🦁 León,🐴 Caballo,🦄 Unicornio,🐷 Cerdo,🐘 Elefante,🐰 Conejo,🐼 Panda,🐓 Gallo,🐧 Pingüino,🐢 Tortuga,🐟 Pez,' +
  '🐙 Pulpo,🦋 Mariposa,🐝 Abeja,🌵 Cactus,🌲 Pino,🍄 Seta,🌻 Girasol,🍁 Hoja,🌍 Tierra,🌙 Luna,⭐ Estrella,☁️ Nube,' +
  '🔥 Fuego,🌈 Arcoíris,⛄ Muñeco de nieve,☂️ Paraguas,🍎 Manzana,🍌 Plátano,🍓 Fresa,🍋 Limón,🍇 Uvas,🥕 Zanahoria,🌽 Maíz,🍕 Pizza,' +
  '🎂 Tarta,🧀 Queso,🥨 Rosquilla,❤️ Corazón,👓 Gafas,👑 Corona,⌛ Reloj de arena,⏰ Despertador,🎁 Regalo,💡 Bombilla,📕 Libro,' +
  '✏️ Lápiz,📎 Clip,✂️ Tijeras,🔨 Martillo,☎️ Teléfono,🚂 Tren,🚲 Bicicleta,✈️ Avión,🚀 Cohete,⛵ Barco,🏆 Trofeo,⚽ Pelota,' +
  '🎸 Guitarra,🧲 Imán,🎺 Trompeta,⚓ Ancla'
const pictureNames: Readonly<Record<string, string>> = Object.fromEntries(
  pictures.split(',').map((entry) => {
    const at = entry.indexOf(' ')
    return [entry.slice(0, at), entry.slice(at + 1)]
  }),
)

export const pictureName: Catalogue['pictureName'] = (sign, name) => wordsFor(pictureNames, sign) ?? name
