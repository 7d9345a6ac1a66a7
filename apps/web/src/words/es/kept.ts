/** Spanish: `../kept.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const keptWords: Catalogue['keptWords'] = {
  region: 'Versión de esta página',
  offered: (version) => `El servidor tiene ahora otra versión de esta página: ${version}`,
  code: 'Su código es distinto.',
  headers: 'Las reglas que el servidor da al navegador para esta página son distintas.',
  relay: 'Hablaría con otro servidor.',
  signature: {
    none: 'Nadie la ha firmado, igual que la que funciona aquí.',
    'same-key': 'Está firmada, con la misma clave que antes.',
    'first-key':
      'Está firmada. La que funciona aquí no lo está, así que este navegador no puede saber de quién es esa clave.',
    'other-key': 'Está firmada con otra clave que antes. Pregunta a quien administra este servidor antes de tomarla.',
    'no-longer':
      'No está firmada, y las versiones anteriores sí. Pregunta a quien administra este servidor antes de tomarla.',
    wrong: 'Su firma es falsa. No la tomes, y díselo a quien administra este servidor.',
  },
  older: 'Se firmó antes que la que funciona aquí: puede ser una antigua con fallos conocidos.',
  hash: 'Huella',
  take: 'Tomarla y recargar',
  later: 'Más tarde',
  taken: 'Otra pestaña ha tomado una versión nueva de esta página. Esta sigue con la antigua hasta que la recargues.',
  reload: 'Recargar',
  takeFailed: 'No se pudo tomar la versión nueva.',
  fault: (fault) =>
    fault.type === 'not-listed'
      ? `Los archivos del servidor no son los de su propia lista: ${isolated(fault.file)} es otro o falta. Puede que esté a punto de actualizarse, o que alguien lo haya cambiado.`
      : 'El servidor no dice de qué archivos está hecha esta página.',
  faultKept: 'Lo que funciona aquí es la versión que este navegador guarda.',
  faultNotKept: 'Por eso este navegador no guarda la página, y no puede decirte cuándo cambia.',
  dismiss: 'Descartar',
}

export const aboutWords: Catalogue['aboutWords'] = {
  title: 'Sobre esta página',
  version: 'Versión',
  hash: 'Huella de su lista de archivos',
  signed: 'Firmada',
  signedWords: (signature) => {
    if (signature.signed) return `Sí, el ${signature.signedAt.slice(0, 10)}, con la clave`
    return signature.reason === 'none' ? 'No: construida aquí, sin firmar' : 'No: su firma es falsa'
  },
  relay: 'Habla con',
  keptTitle: '¿Sigue siendo la misma?',
  keeping: {
    kept: 'Este navegador guarda esta versión y la arranca sin el servidor. Te pregunta antes de tomar otra.',
    'kept-not-running':
      'Este navegador guarda esta versión. Esta pestaña vino directamente del servidor; tras la próxima recarga funciona la guardada.',
    impossible:
      'Este navegador no guarda aquí ninguna copia (quizá una ventana privada), así que cada visita toma lo que el servidor dé en ese momento.',
    starting: 'Mirando…',
    failed: 'Este navegador no pudo guardar una copia, así que cada visita toma lo que el servidor dé en ese momento.',
  },
  looked: (when) => `Última comparación con el servidor: ${when}.`,
  unreachable: 'No se pudo llegar al servidor.',
  same: 'El servidor tiene la misma versión.',
  lookNow: 'Comparar ahora',
  stop: 'No guardar copia',
  stopped: 'La copia ya no está. La próxima visita toma lo que dé el servidor. Tus salas y claves se quedan.',
  limits:
    'Quien sirve esta página aún puede engañar a un navegador que viene por primera vez, o sustituir lo que vigila aquí. Para estar seguro, compara la huella y la clave con lo que el editor dice en otro lugar, o comprueba desde un ordenador del que te fíes:',
  verify: (origin) => `qsec verify ${origin} --key qsec.pub`,
  sourceTitle: 'Código fuente y licencias',
  source:
    'QSEC es software libre bajo la licencia MIT. Quien administra este servidor puede darte el código fuente de esta versión; construida a partir de él, sale la misma huella.',
  notices: 'Licencias de los paquetes que contiene',
  noticesFailed: 'No se pudieron cargar las licencias.',
  close: 'Cerrar',
}
