/** Spanish: `../provenance.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { wholeNumber } from '../locale.ts'
import { listPeople } from '../people.ts'

export const provenanceWords: Catalogue['provenanceWords'] = {
  open: 'Historial de claves',
  title: 'Historial de claves',
  intro:
    'Las claves de la sala cambian con cada época. Aquí está de dónde vinieron, para cada época en la que estuvo este dispositivo y que aún recuerda. Se guarda solo en este dispositivo.',
  honest:
    'Los enlaces cuánticos se suman a X25519 y ML-KEM-768. Hasta dónde llegan es información, no protección; las claves de fotones simulados no añaden seguridad.',
  list: 'Épocas',
  empty: 'Todavía no hay nada anotado.',
  reading: 'Leyendo lo que este dispositivo ha anotado…',
  failed: 'No se pudo leer el historial de claves.',
  epoch: (epoch) => `Época ${epoch}`,
  present: 'ahora',
  more: 'Mostrar épocas más antiguas',
  export: 'Guardar como JSON',
  exportFailed: 'No se pudo guardar el historial de claves.',
  close: 'Cerrar',
  x25519: 'X25519',
  mlKem: 'ML-KEM-768',
  link: 'Enlace de invitación',
  linkMixed: 'El secreto de un enlace de invitación está mezclado en las claves de esta época.',
  quantum: 'Clave cuántica',
  reach: 'Enlaces',
  reaches: (label, have, of) => `${label}; enlaces cuánticos: ${wholeNumber(have)} de ${wholeNumber(of)}`,
  keyId: (id) => `Identificador de la clave: ${id}`,
  eavesdropper: 'En esta época se mostró un espía en un enlace. Desde entonces ya no se llama cuántica.',
}

export const epochReasonWords: Catalogue['epochReasonWords'] = {
  created: 'Aquí creaste la sala.',
  entered: 'Aquí entraste. Lo que hubo antes, este dispositivo no lo sabe.',
  returned: 'Aquí volvió a entrar este dispositivo, con claves nuevas propias.',
  quantum: 'Llegó una clave de los enlaces cuánticos.',
  settings: 'Cambiaron los ajustes de la sala.',
  update: 'Se renovaron claves, y nada más.',
  join: (people, nameOf) => `Entrada en la sala: ${listPeople(people, nameOf)}.`,
  rejoin: (people, nameOf) => `Vuelta a la sala: ${listPeople(people, nameOf)}.`,
  leave: (people, nameOf) => `Salida de la sala: ${listPeople(people, nameOf)}.`,
  by: (person, nameOf) => `Hecho por ${listPeople([person], nameOf, 4, 'ti')}.`,
}

export const renewalWords: Catalogue['renewalWords'] = {
  before: 'Renovadas por última vez antes de que entrara este dispositivo.',
  now: (by, nameOf) => `Renovadas con esta época por ${listPeople([by], nameOf, 4, 'ti')}.`,
  earlier: (epoch, by, nameOf) =>
    `Renovadas por última vez con la época ${epoch} por ${listPeople([by], nameOf, 4, 'ti')}.`,
}

export const groupSecretWords: Catalogue['groupSecretWords'] = {
  none: 'Ninguna en esta época.',
  now: (from, nameOf) => `Llegó con esta época, sorteada por ${listPeople([from], nameOf, 4, 'ti')}.`,
  earlier: (since, from, nameOf) => `Llegó con la época ${since}, sorteada por ${listPeople([from], nameOf, 4, 'ti')}.`,
  pads: {
    none: 'Entregada por líneas privadas selladas, bajo ninguna clave de un enlace cuántico.',
    hardware: 'Entregada bajo claves de hardware QKD (ETSI GS QKD 014).',
    simulated: 'Entregada bajo claves de BB84 con fotones simulados.',
  },
  to: {
    none: (name) => `${name}: sin clave de un enlace cuántico`,
    hardware: (name) => `${name}: bajo una clave de hardware`,
    simulated: (name) => `${name}: bajo una clave de fotones simulados`,
  },
}
