/** Spanish: `../lifetime.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { durationWords, leftWords } from '../lifetime.ts'

export const lifetimeWords: Catalogue['lifetimeWords'] = {
  label: 'Desaparece',
  never: 'Nunca',
  after: (duration) => `Tras ${duration}`,
  byRoom: (duration) => `Tras ${duration}, como en esta sala`,
  waits: (duration) => `Desaparece, una vez visto, tras ${duration}`,
  waitsOwn: (duration) => `Desaparece, una vez enviado, tras ${duration}`,
  goes: (leftMs) => `Desaparece en ${leftWords(leftMs, 'long')}`,
  goesShort: (leftMs) => leftWords(leftMs, 'narrow'),
  room: 'Mensajes que desaparecen',
  roomOff: 'Desactivados',
  roomHelp:
    'Un mensaje se elimina ese tiempo después de verse, en cada dispositivo por sí mismo, y una semana más tarde donde nadie lo vea. Vale para lo que se diga desde ahora. No puede recuperar lo que alguien copie, fotografíe o exporte, ni llega a un dispositivo con un programa modificado.',
  roomSentence: (lifetimeS) => `Los mensajes desaparecen, una vez vistos, tras ${durationWords(lifetimeS)}.`,
}
