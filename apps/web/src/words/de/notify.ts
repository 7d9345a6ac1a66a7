/** German: `../notify.ts`. */
import type { Catalogue } from '../catalogue.ts'

export const notifyWords: Catalogue['notifyWords'] = {
  title: 'Benachrichtigungen',
  about: 'Benachrichtige mich in diesem Raum über',
  abouts: { all: 'Alle Nachrichten', mentions: 'Erwähnungen von mir und private Nachrichten', none: 'Nichts' },
  help: 'Während du woanders hinsiehst und diese Seite offen ist. Die Zahl der neuen Nachrichten steht in jedem Fall im Titel der Seite und an ihrem Symbol.',
  content: 'Zeigen, wer schreibt und was',
  contentHelp:
    'Ausgeschaltet sagt eine Benachrichtigung nur, dass es in einem Raum eine neue Nachricht gibt. Eingeschaltet können alle mitlesen, die diesen Bildschirm sehen, und das System behält sie vielleicht.',
  sound: 'Einen Ton abspielen',
  soundHelp: 'Den, den dieses System für Benachrichtigungen abspielt.',
  failed: 'Die Wahl konnte nicht gespeichert werden.',
  ask: 'Den Browser noch einmal fragen',
  oneMessage: 'Neue Nachricht in einem Raum',
  someMessages: 'Neue Nachrichten in einem Raum',
  denied:
    'Dieser Browser blockiert Benachrichtigungen dieser Seite. Erlaube sie in seinen Einstellungen für diese Seite (meist am linken Ende der Adressleiste), dann kommen sie, ohne dass hier noch einmal gefragt wird.',
  default: 'Dem Browser wurde noch nicht gesagt, dass diese Seite Benachrichtigungen zeigen darf.',
  impossible:
    'Dieser Browser zeigt keine Benachrichtigungen dieser Seite. Auf einem iPhone oder iPad kommen sie, sobald die Seite zum Home-Bildschirm hinzugefügt ist.',
}
