/** Spanish: `../private.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const privateWords: Catalogue['privateWords'] = {
  to: 'Para',
  everyone: 'Todos',
  only: (name) => `Solo tú y ${isolated(name)} podéis leer esto`,
  writing: (name) => `Privado: solo tú y ${isolated(name)} podréis leer esto`,
  goneOption: (name) => `${isolated(name)} (ya no está aquí)`,
  gone: (name) => `${isolated(name)} ya no está en la sala. Lo que escribiste se guarda aquí, y nadie lo ha recibido.`,
  quantum:
    'Esta sala exige claves cuánticas (simuladas), y los mensajes privados no las tienen. Lo que escribiste se guarda aquí y no se envía.',
  someone: 'Alguien',
  placeholder: (name) => `Mensaje privado para ${isolated(name)}`,
  noTell: (name) => `El mensaje privado no se envió a ${isolated(name)}. Nadie más lo ha recibido.`,
}
