/** Spanish: `../problems.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const problemWords: Catalogue['problemWords'] = {
  unexpected: 'Algo salió mal en esta página. Si no sigue adelante, recárgala.',
  dismiss: 'Descartar',
  broken: 'Esta página se ha detenido',
  brokenHelp: 'Un error en la propia página. Lo que has enviado está bien guardado; al recargar vuelves a la sala.',
  reload: 'Recargar la página',
  noVerify: 'No se pudo anotar la verificación.',
  noTell: 'No se pudo cambiar el ajuste.',
  noSend: 'No se pudo guardar el mensaje, así que está otra vez en el campo.',
  noRetry: 'No se pudo volver a intentar el mensaje.',
  noDelete: 'No se pudo eliminar el mensaje.',
  noSwitch: 'No se pudo activar o parar el espía.',
  noLeave: 'No se pudo salir de la sala.',
  noPart:
    'Una parte de esta página no se pudo cargar, o fue modificada y por eso no se ejecuta. Mira la conexión y recarga la página. Si sigue así, díselo a quien administra este servidor.',
  noRun: 'No se pudo iniciar el intercambio de claves.',
}
