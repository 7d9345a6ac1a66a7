/** German: `../device.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

export const lockWords: Catalogue['lockWords'] = {
  title: 'QSEC ist gesperrt',
  help: 'Was dieser Browser von deinen Räumen aufbewahrt, ist mit deiner Passphrase verschlüsselt.',
  passphrase: 'Passphrase',
  code: 'Wiederherstellungscode',
  codeHint:
    'Die 28 Zeichen, die beim Setzen der Passphrase angezeigt wurden. Leerzeichen und Bindestriche spielen keine Rolle.',
  unlock: 'Entsperren',
  unlocking: 'Wird entsperrt… das dauert einige Sekunden.',
  useCode: 'Den Wiederherstellungscode nehmen',
  usePassphrase: 'Die Passphrase nehmen',
  wrong: 'Damit geht es nicht auf. Prüfe auf Tippfehler; bei einer Passphrase zählt die Großschreibung.',
  noCode: 'Das ist kein Wiederherstellungscode: Ein Zeichen ist falsch oder fehlt.',
  lost: 'Beides verloren? Dann lässt es sich nicht mehr öffnen, und niemand kann helfen. Du kannst hier alles löschen und neu anfangen.',
  show: 'Zeigen',
  hide: 'Verbergen',
}

export const deviceWords: Catalogue['deviceWords'] = {
  open: 'Dieses Gerät',
  title: 'Dieses Gerät',
  help: 'Was dieser Browser von deinen Räumen aufbewahrt, und was es schützt.',
  home: 'Startseite',
  loading: 'Es wird nachgesehen, was hier gespeichert ist…',
  failed: 'Was hier gespeichert ist, konnte nicht gelesen werden.',
  wait: 'Einen Moment… das dauert einige Sekunden.',
  cancel: 'Abbrechen',
  close: 'Schließen',
  done: 'Fertig',
  next: 'Weiter',

  lock: 'Passphrase',
  lockState: (state) =>
    state === 'open'
      ? 'Nicht gesetzt. Ein Schlüssel dieses Browsers verschlüsselt, was gespeichert ist; wer den Datenträger dieses Computers kopieren kann, kann auch diesen Schlüssel kopieren.'
      : 'Gesetzt. Ohne deine Passphrase oder deinen Wiederherstellungscode ist nichts lesbar, was hier gespeichert ist.',
  set: 'Passphrase setzen',
  change: 'Passphrase ändern',
  remove: 'Passphrase entfernen',
  removeTitle: 'Die Passphrase entfernen?',
  removeHelp: 'Von da an kann lesen, was hier gespeichert ist, wer den Datenträger dieses Computers kopieren kann.',
  removeYes: 'Entfernen',
  setHelp:
    'Du gibst sie jedes Mal ein, wenn diese Seite geöffnet wird. Vier oder mehr Wörter, die nicht zusammengehören, sind gut und leicht zu merken.',
  newPassphrase: 'Neue Passphrase',
  tooShort: 'Nimm mindestens 10 Zeichen.',
  again: 'Noch einmal dieselbe',
  notSame: 'Die beiden sind nicht gleich.',
  codeTitle: 'Schreib deinen Wiederherstellungscode auf',
  codeHelp:
    'Er öffnet deine Räume, falls du die Passphrase vergisst. Er wird nur dieses eine Mal gezeigt; bewahre ihn auf Papier auf, nicht bei diesem Computer.',
  codeLabel: 'Dein Wiederherstellungscode',
  copy: 'Kopieren',
  copied: 'Kopiert',
  typeBack: 'Gib ihn hier ein, damit wir beide wissen, dass er stimmt',
  notTheCode: 'Das ist nicht der Code von oben.',
  protect: 'Die Passphrase setzen',
  protectDone: 'Die Passphrase ist gesetzt.',
  protectFailed: 'Die Passphrase konnte nicht gesetzt werden; alles ist wie vorher.',
  unprotectFailed: 'Die Passphrase konnte nicht entfernt werden.',

  kept: 'Räume, die hier aufbewahrt sind',
  none: 'Dieser Browser bewahrt keinen Raum auf.',
  messages: (count) => counted(count, { one: '# Nachricht', other: '# Nachrichten' }),
  restored: 'aus einer Sicherung, nur zum Lesen',
  restoredName: (room) => `${room}, wiederhergestellt`,
  as: (one) => `als ${one.name || 'jemand'}`,
  read: 'Lesen',
  export: 'Exportieren',
  forget: 'Löschen',
  forgetFailed: 'Es konnte nicht gelöscht werden.',

  exportTitle: 'Verlauf exportieren',
  exportHelp:
    'Eine Datei mit dem, was in diesem Raum gesagt wurde, soweit dieses Gerät es hat. Die Datei ist nicht verschlüsselt: Wer sie bekommt, kann sie lesen.',
  exportHtml: 'Lesbare Seite (HTML)',
  exportJson: 'Für Programme (JSON)',
  exportFailed: 'Der Verlauf konnte nicht exportiert werden.',

  backup: 'Sicherung',
  backupHelp:
    'Eine verschlüsselte Datei mit dem, wer du in deinen Räumen bist, wen du geprüft hast und was gesagt wurde. Sie enthält keinen Schlüssel, mit dem sich neue Nachrichten lesen ließen: Um anderswo mitzureden, brauchst du weiterhin eine Einladung.',
  makeBackup: 'Sicherung anlegen',
  restoreBackup: 'Sicherung einspielen',
  backupTitle: 'Sicherung anlegen',
  backupChoice: 'Womit sie sich öffnen lässt',
  byPassphrase: 'Mit einer Passphrase, die ich wähle',
  byCode: 'Mit einem Wiederherstellungscode, jetzt erzeugt',
  backupPassphraseHelp:
    'Es kann die dieses Geräts sein oder eine andere. Ohne sie kann mit der Datei niemand etwas anfangen.',
  backupCodeHelp:
    'Schreib ihn auf. Er wird nur dieses eine Mal gezeigt, und ohne ihn kann mit der Datei niemand etwas anfangen.',
  makeIt: 'Datei speichern',
  backupDone: 'Die Sicherung ist gespeichert.',
  backupFailed: 'Die Sicherung konnte nicht angelegt werden.',

  restoreTitle: 'Sicherung einspielen',
  restoreHelp:
    'Nichts, was dieser Browser selbst weiß, wird überschrieben. Eingespielte Räume kannst du lesen; um in einem wieder mitzureden, öffne seinen Einladungslink.',
  file: 'Sicherungsdatei',
  fileMissing: 'Wähle zuerst die Datei.',
  opensBy: 'Was sie öffnet',
  restore: 'Einspielen',
  restoreFailed: 'Die Sicherung konnte nicht eingespielt werden.',
  restoredWords: (restored) => {
    const rooms = counted(restored.rooms, { one: '# Raum', other: '# Räume' })
    const messages = counted(restored.messages, { one: '# Nachricht', other: '# Nachrichten' })
    const kept = restored.keptOwnProfile ? ' Dieser Browser hatte schon eine eigene Identität und behält sie.' : ''
    return `Eingespielt: ${rooms} mit ${messages}.${kept}`
  },

  historyHelp:
    'Aus einer Sicherung, nur zum Lesen. Es sind die Worte dessen, der die Sicherung angelegt hat; geprüft sind sie nicht.',
  historyGone: 'Dieser Verlauf ist nicht mehr hier.',
  back: 'Zurück',

  erase: 'Alles auf diesem Gerät löschen',
  eraseHelp:
    'Jeder Raum, jeder Schlüssel, jede Nachricht und jede Einstellung, die dieser Browser von QSEC aufbewahrt, in allen Tabs. Die anderen in deinen Räumen sehen dieses Gerät weiter als Mitglied, bis sie es entfernen; verlass die Räume vorher, wenn du kannst.',
  eraseTitle: 'Hier alles löschen?',
  eraseWarning:
    'Das lässt sich nicht rückgängig machen. Ohne Sicherung ist dein Verlauf verloren. Der Browser löscht die Dateien; was der Datenträger selbst noch eine Weile von gelöschten Dateien behält, kann eine Webseite nicht beeinflussen.',
  eraseYes: 'Alles löschen',
  eraseFailed: 'Nicht alles konnte gelöscht werden.',
}

export const restoringWords: Catalogue['restoringWords'] = (reason) =>
  ({
    'no-backup': 'Diese Datei ist keine Sicherung von QSEC, oder sie ist abgeschnitten.',
    newer: 'Ein neueres QSEC hat diese Datei angelegt. Lade die Seite neu und versuch es noch einmal.',
    'not-opened': 'Damit geht sie nicht auf: Die Passphrase oder der Code ist falsch, oder die Datei wurde verändert.',
    unreadable: 'Die Datei ging auf, aber ihr Inhalt hat eine Form, die diese Version nicht kennt.',
    'no-code': lockWords.noCode,
    'too-large': 'Die Datei ist größer als jede Sicherung von QSEC.',
  })[reason]
