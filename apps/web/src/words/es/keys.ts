/** Spanish: `../keys.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const keyWords: Catalogue['keyWords'] = {
  title: 'Teclado',
  close: 'Cerrar',
  open: 'Atajos de teclado',
  names: { Ctrl: 'Ctrl', Shift: 'Mayús', Enter: 'Intro' },
  keys: [
    [['↑'], 'En un mensaje vacío: cambiar tu último'],
    [['Esc'], 'Dejar un cambio, luego una respuesta; en los mensajes: todo está leído'],
    [['@'], 'Mencionar a alguien; ↑ ↓ eligen, Tab toma'],
    [['↑', '↓'], 'En los mensajes: de uno al siguiente'],
    [['Intro'], 'En un mensaje: reaccionar, responder, cambiar, más; ← → pasan de uno a otro'],
    [['Re Pág', 'Av Pág'], 'En los mensajes: una página arriba o abajo'],
  ],
}
