/** Spanish: `../quantum.ts`. */
import type { EpochLabel } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'
import { listPeople } from '../people.ts'
import { percent, shortPercent } from '../quantum.ts'

export const quantumWords: Catalogue['quantumWords'] = {
  title: 'Enlace cuántico',
  intro: 'BB84 con fotones simulados. Sus claves se suman a X25519 y ML-KEM-768, nunca los sustituyen.',
  honest: 'Los fotones simulados no dan seguridad cuántica.',
  qber: 'QBER',
  qberHelp: 'Bits erróneos entre los comparados; cuenta el peor enlace.',
  notMeasured: 'sin medir',
  threshold: (threshold) => `límite ${shortPercent(threshold)}`,
  eve: 'Simular un espía',
  eveHelp: 'Mide cada fotón simulado en su camino. Vale desde el próximo intercambio, para toda la sala.',
  eveBy: (on, name) => {
    if (name === undefined) return on ? 'Activado.' : 'Parado.'
    return on ? `Activado por ${name}.` : `Parado por ${name}.`
  },
  run: 'Iniciar intercambio de claves',
  running: 'Hay un intercambio de claves en marcha (fotones simulados)…',
  completed: 'Intercambio de claves completado',
  eavesdropper: 'Espía detectado, no se hizo ninguna clave',
  eavesdropperHelp: 'El chat sigue bajo X25519 y ML-KEM-768, con toda su fuerza.',
  failed: 'El último intercambio no dio ninguna clave',
  failedHelp: 'Los enlaces de abajo dicen por qué. El chat sigue bajo X25519 y ML-KEM-768, con toda su fuerza.',
  alone: 'Un intercambio de claves necesita una segunda persona en la sala.',
  you: 'Tú',
  byYou: 'ti',
  ends: (a, b) => `${a} ↔ ${b}`,
  links: 'Enlaces',
  noLinks: 'Todavía no hay enlaces. Vienen con la segunda persona.',
  progressOf: (link) => `Avance de ${link}`,
  stagesTitle: 'Bits por etapa',
  stagesOf: (link) => `Bits del último intercambio entre ${link} (simulado), en escala logarítmica`,
  stage: 'Etapa',
  bits: 'Número de bits',
  noStages: 'Todavía ningún intercambio.',
  linkShown: 'Enlace mostrado',
  keyBits: (bits) => counted(bits, { one: 'queda # bit de clave simulado', other: 'quedan # bits de clave simulados' }),
  interval: (low, high) => `intervalo del 95 %: de ${percent(low)} a ${percent(high)}`,
  epochTitle: 'Las claves de la sala ahora',
}

export const labelNames: Catalogue['labelNames'] = {
  'post-quantum': 'poscuántico',
  'quantum (simulated)': 'cuántico (simulado)',
  'quantum (hardware)': 'cuántico (hardware)',
}

export const stageNames: Catalogue['stageNames'] = {
  proposal: 'propuesta',
  photons: 'fotones',
  sifting: 'criba',
  estimation: 'estimación',
  reconciliation: 'reconciliación',
  amplification: 'amplificación de privacidad',
  detected: 'detectados',
  sifted: 'cribados',
  sampled: 'tras la muestra',
  reconciled: 'reconciliados',
  verified: 'verificados',
  amplified: 'amplificados',
  confirmed: 'confirmados',
  authenticated: 'autenticados',
}

const labelHelp: Readonly<Record<EpochLabel, string>> = {
  'post-quantum':
    'X25519 y ML-KEM-768 juntos: quien quiera leer tiene que romper los dos. Las claves de enlaces cuánticos no llegan ahora a todos los miembros.',
  'quantum (simulated)':
    'X25519 y ML-KEM-768 juntos, y cada miembro recibió el secreto del grupo bajo una clave de fotones simulados. Eso muestra el mecanismo; no añade seguridad cuántica.',
  'quantum (hardware)':
    'X25519 y ML-KEM-768 juntos, y cada miembro recibió el secreto del grupo bajo una clave de hardware QKD, como confirmó cada dispositivo.',
}

export const labelWords: Catalogue['labelWords'] = ({ label, linksCovered, linksInAll }) => {
  if (linksInAll === 0) return labelHelp[label]
  const source = label === 'quantum (hardware)' ? 'hardware' : 'simulados'
  return `${labelHelp[label]} Enlaces cuánticos (${source}) en uso: ${wholeNumber(linksCovered)} de ${wholeNumber(linksInAll)}.`
}

export const linkStateWords: Catalogue['linkStateWords'] = (state) =>
  ({
    none: 'Todavía ningún intercambio',
    waiting: 'Espera al otro lado',
    running: 'En marcha',
    completed: 'Clave hecha',
    aborted: 'Sin clave',
  })[state]

export const placeWords: Catalogue['placeWords'] = ({ thread, amplifier }) => {
  const what = `Amplificación de privacidad: ${amplifier === 'wasm' ? 'wasm' : 'TypeScript'}.`
  return {
    worker: `Calculado en un worker junto a esta página. ${what}`,
    page: `Calculado en el hilo de esta página, en trozos pequeños, ya que este navegador no tiene workers. ${what}`,
    process: `Calculado en este programa. ${what}`,
  }[thread]
}

export const unknownAbort: Catalogue['unknownAbort'] = (code) => `El intercambio se interrumpió (${code}).`

export const aborts: Catalogue['aborts'] = {
  'qber-above-threshold': 'Más bits erróneos de los que explica el ruido: alguien escuchó. Los bits se tiraron.',
  'too-few-detections': 'Llegaron muy pocos fotones para hacer una clave segura.',
  'no-secret-key-left': 'Tras la corrección no quedó nada que un espía no pudiera saber.',
  'reconciliation-failed': 'No se pudieron corregir los errores. Los bits se tiraron.',
  'verification-failed': 'Los dos lados no acabaron con los mismos bits. Se tiraron.',
  'confirmation-failed': 'Los dos lados no acabaron con la misma clave. Se tiró.',
  'authentication-failed': 'Un mensaje del intercambio no era del otro lado. El intercambio se interrumpió.',
  'commitment-broken': 'El otro lado cambió aquello a lo que se había comprometido. El intercambio se interrumpió.',
  'parameters-refused': 'Los dos lados no se pusieron de acuerdo en cómo hacerlo. Recargar ambas páginas puede ayudar.',
  'unknown-version': 'El otro lado tiene otra versión. Recargad ambas páginas.',
  'internal-error': 'El cálculo se vino abajo en un lado. El próximo intercambio empieza de nuevo.',
  'engine-failed':
    'El worker que calcula los intercambios no pudo arrancar, o se vino abajo, en un lado. El próximo intercambio lo arranca de nuevo; si no ayuda, recarga la página.',
  cancelled: 'El intercambio se interrumpió antes de su fin, por un lado o por un cambio de los miembros.',
}

export const holdWords: Catalogue['holdWords'] = (hold, nameOf) => {
  const required = 'Esta sala exige claves cuánticas (simuladas). Lo que escribes se guarda aquí'
  switch (hold.for) {
    case 'others':
      return `${required} y espera a alguien con quien hacer una clave.`
    case 'away': {
      const [only] = hold.people
      return hold.people.length === 1 && only
        ? `${required} y espera al dispositivo de ${nameOf(only)}, que está fuera. Hasta entonces, o hasta que se quite, nadie puede enviar.`
        : `${required} y espera a dispositivos de ${listPeople(hold.people, nameOf, 4, 'ti')}, que están fuera. Hasta entonces, o hasta que se quiten, nadie puede enviar.`
    }
    case 'fewer':
      return `${required} hasta que haya aquí ${wholeNumber(hold.atMost)} dispositivos como máximo: los enlaces cuánticos no llegan a más.`
    case 'exchange':
      return `${required} y espera el intercambio de claves. Si esto sigue, inícialo otra vez en «Detalles de la sala», o es el servidor quien lo retiene.`
  }
}
