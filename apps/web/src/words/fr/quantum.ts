/** French: `../quantum.ts`. */
import type { EpochLabel } from '../../client-gate.ts'
import type { Catalogue } from '../catalogue.ts'
import { counted, wholeNumber } from '../locale.ts'
import { listPeople } from '../people.ts'
import { percent, shortPercent } from '../quantum.ts'

export const quantumWords: Catalogue['quantumWords'] = {
  title: 'Lien quantique',
  intro: 'BB84 avec des photons simulés. Ses clés s’ajoutent à X25519 et ML-KEM-768, sans jamais les remplacer.',
  honest: 'Des photons simulés ne donnent aucune sécurité quantique.',
  qber: 'QBER',
  qberHelp: 'Bits faux parmi ceux comparés ; le pire lien compte.',
  notMeasured: 'pas mesuré',
  threshold: (threshold) => `limite ${shortPercent(threshold)}`,
  eve: 'Simuler un espion',
  eveHelp: 'Il mesure chaque photon simulé en chemin. Cela vaut dès le prochain échange, pour tout le salon.',
  eveBy: (on, name) => {
    if (name === undefined) return on ? 'Activé.' : 'Arrêté.'
    return on ? `Activé par ${name}.` : `Arrêté par ${name}.`
  },
  run: 'Lancer l’échange de clés',
  running: 'Un échange de clés est en cours (photons simulés)…',
  completed: 'Échange de clés terminé',
  eavesdropper: 'Espion détecté, aucune clé faite',
  eavesdropperHelp: 'La discussion continue sous X25519 et ML-KEM-768, avec toute leur force.',
  failed: 'Le dernier échange n’a donné aucune clé',
  failedHelp:
    'Les liens ci-dessous disent pourquoi. La discussion continue sous X25519 et ML-KEM-768, avec toute leur force.',
  alone: 'Un échange de clés demande une deuxième personne dans le salon.',
  you: 'Vous',
  byYou: 'vous',
  ends: (a, b) => `${a} ↔ ${b}`,
  links: 'Liens',
  noLinks: 'Pas encore de lien. Ils viennent avec la deuxième personne.',
  progressOf: (link) => `Avancement de ${link}`,
  stagesTitle: 'Bits par étape',
  stagesOf: (link) => `Bits du dernier échange entre ${link} (simulé), sur une échelle logarithmique`,
  stage: 'Étape',
  bits: 'Nombre de bits',
  noStages: 'Pas encore d’échange.',
  linkShown: 'Lien affiché',
  keyBits: (bits) => counted(bits, { one: '# bit de clé simulé restant', other: '# bits de clé simulés restants' }),
  interval: (low, high) => `intervalle à 95 % : ${percent(low)} à ${percent(high)}`,
  epochTitle: 'Les clés du salon maintenant',
}

export const labelNames: Catalogue['labelNames'] = {
  'post-quantum': 'post-quantique',
  'quantum (simulated)': 'quantique (simulé)',
  'quantum (hardware)': 'quantique (matériel)',
}

export const stageNames: Catalogue['stageNames'] = {
  proposal: 'proposition',
  photons: 'envoi des photons',
  sifting: 'tamisage',
  estimation: 'estimation du QBER',
  reconciliation: 'réconciliation',
  amplification: 'amplification de confidentialité',
  detected: 'détectés',
  sifted: 'tamisés',
  sampled: 'après échantillon',
  reconciled: 'réconciliés',
  verified: 'vérifiés',
  amplified: 'amplifiés',
  confirmed: 'confirmés',
  authenticated: 'authentifiés',
}

const labelHelp: Readonly<Record<EpochLabel, string>> = {
  'post-quantum':
    'X25519 et ML-KEM-768 ensemble : qui veut lire doit casser les deux. Les clés des liens quantiques n’atteignent pas tous les membres en ce moment.',
  'quantum (simulated)':
    'X25519 et ML-KEM-768 ensemble, et chaque membre a reçu le secret du groupe sous une clé issue de photons simulés. Cela montre le mécanisme, sans ajouter de sécurité quantique.',
  'quantum (hardware)':
    'X25519 et ML-KEM-768 ensemble, et chaque membre a reçu le secret du groupe sous une clé issue de matériel QKD, comme chaque appareil l’a confirmé.',
}

export const labelWords: Catalogue['labelWords'] = ({ label, linksCovered, linksInAll }) => {
  if (linksInAll === 0) return labelHelp[label]
  const source = label === 'quantum (hardware)' ? 'matériel' : 'simulés'
  return `${labelHelp[label]} Liens quantiques (${source}) utilisés : ${wholeNumber(linksCovered)} sur ${wholeNumber(linksInAll)}.`
}

export const linkStateWords: Catalogue['linkStateWords'] = (state) =>
  ({
    none: 'Pas encore d’échange',
    waiting: 'Attend l’autre côté',
    running: 'En cours',
    completed: 'Clé faite',
    aborted: 'Pas de clé',
  })[state]

export const placeWords: Catalogue['placeWords'] = ({ thread, amplifier }) => {
  const what = `Amplification de confidentialité : ${amplifier === 'wasm' ? 'wasm' : 'TypeScript'}.`
  return {
    worker: `Calculé dans un worker à côté de cette page. ${what}`,
    page: `Calculé dans le fil de cette page, par petits morceaux, car ce navigateur n’a pas de workers. ${what}`,
    process: `Calculé dans ce programme. ${what}`,
  }[thread]
}

export const unknownAbort: Catalogue['unknownAbort'] = (code) => `L’échange a été interrompu (${code}).`

export const aborts: Catalogue['aborts'] = {
  'qber-above-threshold': 'Plus de bits faux que le bruit n’en explique : quelqu’un a écouté. Les bits ont été jetés.',
  'too-few-detections': 'Trop peu de photons sont arrivés pour faire une clé sûre.',
  'no-secret-key-left': 'Après correction, il ne restait rien qu’un espion ne pourrait connaître.',
  'reconciliation-failed': 'Les erreurs n’ont pas pu être corrigées. Les bits ont été jetés.',
  'verification-failed': 'Les deux côtés n’ont pas abouti aux mêmes bits. Ils ont été jetés.',
  'confirmation-failed': 'Les deux côtés n’ont pas abouti à la même clé. Elle a été jetée.',
  'authentication-failed': 'Un message de l’échange ne venait pas de l’autre côté. L’échange a été interrompu.',
  'commitment-broken': 'L’autre côté a changé ce à quoi il s’était engagé. L’échange a été interrompu.',
  'parameters-refused':
    'Les deux côtés n’étaient pas d’accord sur le déroulement. Recharger les deux pages peut aider.',
  'unknown-version': 'L’autre côté a une autre version. Rechargez les deux pages.',
  'internal-error': 'Le calcul s’est arrêté d’un côté. Le prochain échange recommence à neuf.',
  'engine-failed':
    'Le worker qui calcule les échanges n’a pas pu démarrer, ou s’est arrêté, d’un côté. Le prochain échange le redémarre ; si cela n’aide pas, rechargez la page.',
  cancelled: 'L’échange a été interrompu avant sa fin, par un côté ou par un changement des membres.',
}

export const holdWords: Catalogue['holdWords'] = (hold, nameOf) => {
  const required = 'Ce salon exige des clés quantiques (simulées). Ce que vous écrivez est gardé ici'
  switch (hold.for) {
    case 'others':
      return `${required} et attend quelqu’un avec qui faire une clé.`
    case 'away': {
      const [only] = hold.people
      return hold.people.length === 1 && only
        ? `${required} et attend l’appareil de ${nameOf(only)}, qui est absent. D’ici là, ou jusqu’à son retrait, personne ne peut envoyer.`
        : `${required} et attend des appareils absents de ${listPeople(hold.people, nameOf)}. D’ici là, ou jusqu’à leur retrait, personne ne peut envoyer.`
    }
    case 'fewer':
      return `${required} jusqu’à ce qu’il y ait ici ${wholeNumber(hold.atMost)} appareils au plus : les liens quantiques n’en atteignent pas davantage.`
    case 'exchange':
      return `${required} et attend l’échange de clés. Si cela dure, relancez-le dans « Détails du salon » ; sinon, c’est le serveur qui le retient.`
  }
}
