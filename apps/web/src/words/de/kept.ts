/** German: `../kept.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const keptWords: Catalogue['keptWords'] = {
  region: 'Version dieser Seite',
  offered: (version) => `Der Server hat jetzt eine andere Version dieser Seite: ${version}`,
  code: 'Ihr Programmtext ist ein anderer.',
  headers: 'Die Regeln, die der Server dem Browser für diese Seite gibt, sind andere.',
  relay: 'Sie würde mit einem anderen Server sprechen.',
  signature: {
    none: 'Niemand hat sie signiert, wie auch die, die hier läuft.',
    'same-key': 'Sie ist signiert, mit demselben Schlüssel wie zuvor.',
    'first-key':
      'Sie ist signiert. Die, die hier läuft, ist es nicht; dieser Browser kann also nicht sagen, wessen Schlüssel das ist.',
    'other-key':
      'Sie ist mit einem anderen Schlüssel signiert als zuvor. Frag die, die diesen Server betreiben, bevor du sie nimmst.',
    'no-longer':
      'Sie ist nicht signiert, und die Versionen davor waren es. Frag die, die diesen Server betreiben, bevor du sie nimmst.',
    wrong: 'Ihre Signatur ist falsch. Nimm sie nicht, und sag es denen, die diesen Server betreiben.',
  },
  older: 'Sie wurde früher signiert als die, die hier läuft: Vielleicht ist es eine alte mit bekannten Fehlern.',
  hash: 'Prüfsumme',
  take: 'Nehmen und neu laden',
  later: 'Später',
  taken:
    'Ein anderer Tab hat eine neue Version dieser Seite genommen. Dieser läuft mit der alten, bis du ihn neu lädst.',
  reload: 'Neu laden',
  takeFailed: 'Die neue Version konnte nicht genommen werden.',
  fault: (fault) =>
    fault.type === 'not-listed'
      ? `Die Dateien des Servers sind nicht die seiner eigenen Liste: ${isolated(fault.file)} ist eine andere oder fehlt. Vielleicht wird er gerade erneuert, oder jemand hat sie verändert.`
      : 'Der Server sagt nicht, aus welchen Dateien diese Seite besteht.',
  faultKept: 'Was hier läuft, ist die Version, die dieser Browser aufbewahrt.',
  faultNotKept: 'Darum bewahrt dieser Browser die Seite nicht auf und kann dir nicht sagen, wann sie sich ändert.',
  dismiss: 'Ausblenden',
}

export const aboutWords: Catalogue['aboutWords'] = {
  title: 'Über diese Seite',
  version: 'Version',
  hash: 'Prüfsumme ihrer Dateiliste',
  signed: 'Signiert',
  signedWords: (signature) => {
    if (signature.signed) return `Ja, am ${signature.signedAt.slice(0, 10)}, mit dem Schlüssel`
    return signature.reason === 'none' ? 'Nein: hier gebaut, nicht signiert' : 'Nein: Die Signatur ist falsch'
  },
  relay: 'Spricht mit',
  keptTitle: 'Ist sie noch dieselbe?',
  keeping: {
    kept: 'Dieser Browser bewahrt diese Version auf und startet sie ohne den Server. Er fragt dich, bevor er eine andere nimmt.',
    'kept-not-running':
      'Dieser Browser bewahrt diese Version auf. Dieser Tab kam direkt vom Server; nach dem nächsten Neuladen läuft die aufbewahrte.',
    impossible:
      'Dieser Browser bewahrt hier keine Kopie auf (vielleicht ein privates Fenster); jeder Besuch nimmt also, was der Server in dem Moment gibt.',
    starting: 'Es wird nachgesehen…',
    failed:
      'Dieser Browser konnte keine Kopie aufbewahren; jeder Besuch nimmt also, was der Server in dem Moment gibt.',
  },
  looked: (when) => `Zuletzt mit dem Server verglichen: ${when}.`,
  unreachable: 'Der Server war nicht zu erreichen.',
  same: 'Der Server hat dieselbe Version.',
  lookNow: 'Jetzt vergleichen',
  stop: 'Keine Kopie behalten',
  stopped: 'Die Kopie ist weg. Der nächste Besuch nimmt, was der Server gibt. Deine Räume und Schlüssel bleiben.',
  limits:
    'Wer diese Seite ausliefert, kann einen Browser, der zum ersten Mal kommt, immer noch täuschen, oder ersetzen, was hier wacht. Um sicherzugehen, vergleiche Prüfsumme und Schlüssel mit dem, was die Herausgeber anderswo sagen, oder prüfe von einem Computer aus, dem du vertraust:',
  verify: (origin) => `qsec verify ${origin} --key qsec.pub`,
  sourceTitle: 'Quelltext und Lizenzen',
  source:
    'QSEC ist freie Software unter der MIT-Lizenz. Wer diesen Server betreibt, kann dir den Quelltext dieser Version geben; daraus gebaut, kommt dieselbe Prüfsumme heraus.',
  notices: 'Lizenzen der Pakete darin',
  noticesFailed: 'Die Lizenzen konnten nicht geladen werden.',
  close: 'Schließen',
}
