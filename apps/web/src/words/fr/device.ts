/** French: `../device.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { counted } from '../locale.ts'

const messages = (count: number): string => counted(count, { one: '# message', other: '# messages' })

export const lockWords: Catalogue['lockWords'] = {
  title: 'QSEC est verrouillé',
  help: 'Ce que ce navigateur garde de vos salons est chiffré avec votre phrase de passe.',
  passphrase: 'Phrase de passe',
  code: 'Code de récupération',
  codeHint:
    'Les 28 caractères affichés quand la phrase de passe a été définie. Les espaces et les tirets ne comptent pas.',
  unlock: 'Déverrouiller',
  unlocking: 'Déverrouillage… cela prend quelques secondes.',
  useCode: 'Utiliser le code de récupération',
  usePassphrase: 'Utiliser la phrase de passe',
  wrong: 'Cela ne l’ouvre pas. Cherchez une faute de frappe ; les majuscules comptent dans une phrase de passe.',
  noCode: 'Ce n’est pas un code de récupération : un de ses caractères est faux ou manque.',
  lost: 'Ni l’un ni l’autre ? Alors rien ne peut l’ouvrir, et personne ne peut aider. Vous pouvez tout effacer ici et recommencer.',
  show: 'Montrer',
  hide: 'Cacher',
}

export const deviceWords: Catalogue['deviceWords'] = {
  open: 'Cet appareil',
  title: 'Cet appareil',
  help: 'Ce que ce navigateur garde de vos salons, et ce qui le protège.',
  home: 'Page d’accueil',
  loading: 'Lecture de ce qui est enregistré ici…',
  failed: 'Ce qui est enregistré ici n’a pas pu être lu.',
  wait: 'En cours… cela prend quelques secondes.',
  cancel: 'Annuler',
  close: 'Fermer',
  done: 'Terminé',
  next: 'Suivant',

  lock: 'Phrase de passe',
  lockState: (state) =>
    state === 'open'
      ? 'Pas définie. Une clé de ce navigateur chiffre ce qui est enregistré ; qui peut copier le disque de cet ordinateur peut copier aussi cette clé.'
      : 'Définie. Sans votre phrase de passe ou votre code de récupération, rien de ce qui est enregistré ici ne peut être lu.',
  set: 'Définir une phrase de passe',
  change: 'Changer la phrase de passe',
  remove: 'Retirer la phrase de passe',
  removeTitle: 'Retirer la phrase de passe ?',
  removeHelp: 'Dès lors, qui peut copier le disque de cet ordinateur peut lire ce qui est enregistré ici.',
  removeYes: 'La retirer',
  setHelp:
    'Vous la taperez chaque fois que cette page est ouverte. Quatre mots ou plus sans rapport entre eux font une bonne phrase, facile à retenir.',
  newPassphrase: 'Nouvelle phrase de passe',
  tooShort: 'Utilisez au moins 10 caractères.',
  again: 'La même encore une fois',
  notSame: 'Les deux ne sont pas identiques.',
  codeTitle: 'Notez votre code de récupération',
  codeHelp:
    'Il ouvre vos salons si vous oubliez la phrase de passe. Il n’est montré que cette fois ; gardez-le sur papier, loin de cet ordinateur.',
  codeLabel: 'Votre code de récupération',
  copy: 'Copier',
  copied: 'Copié',
  typeBack: 'Tapez-le ici, pour que nous sachions tous deux qu’il est juste',
  notTheCode: 'Ce n’est pas le code ci-dessus.',
  protect: 'Définir la phrase de passe',
  protectDone: 'La phrase de passe est définie.',
  protectFailed: 'La phrase de passe n’a pas pu être définie ; tout est comme avant.',
  unprotectFailed: 'La phrase de passe n’a pas pu être retirée.',

  kept: 'Salons gardés ici',
  none: 'Ce navigateur ne garde aucun salon.',
  messages,
  restored: 'restauré d’une sauvegarde, en lecture seule',
  restoredName: (room) => `${room}, restauré`,
  as: (one) => `en tant que ${one.name || 'quelqu’un'}`,
  read: 'Lire',
  export: 'Exporter',
  forget: 'Supprimer',
  forgetFailed: 'La suppression a échoué.',

  exportTitle: 'Exporter l’historique',
  exportHelp:
    'Un fichier avec ce qui a été dit dans ce salon, tel que cet appareil l’a. Le fichier n’est pas chiffré : qui l’obtient peut le lire.',
  exportHtml: 'Page lisible (HTML)',
  exportJson: 'Pour des programmes (JSON)',
  exportFailed: 'L’historique n’a pas pu être exporté.',

  backup: 'Sauvegarde',
  backupHelp:
    'Un seul fichier chiffré avec qui vous êtes dans vos salons, qui vous avez vérifié, et ce qui a été dit. Il ne contient aucune clé qui lirait de nouveaux messages : pour participer ailleurs, il vous faut toujours une invitation.',
  makeBackup: 'Faire une sauvegarde',
  restoreBackup: 'Restaurer une sauvegarde',
  backupTitle: 'Faire une sauvegarde',
  backupChoice: 'Ce qui doit l’ouvrir',
  byPassphrase: 'Une phrase de passe que je choisis',
  byCode: 'Un code de récupération, créé maintenant',
  backupPassphraseHelp: 'Ce peut être celle de cet appareil, ou une autre. Sans elle, le fichier ne sert à personne.',
  backupCodeHelp: 'Notez-le. Il n’est montré que cette fois, et sans lui le fichier ne sert à personne.',
  makeIt: 'Enregistrer le fichier',
  backupDone: 'La sauvegarde est enregistrée.',
  backupFailed: 'La sauvegarde n’a pas pu être faite.',

  restoreTitle: 'Restaurer une sauvegarde',
  restoreHelp:
    'Rien de ce que ce navigateur sait lui-même n’est remplacé. Les salons restaurés peuvent être lus ; pour participer de nouveau à l’un d’eux, ouvrez son lien d’invitation.',
  file: 'Fichier de sauvegarde',
  fileMissing: 'Choisissez d’abord le fichier.',
  opensBy: 'Ce qui l’ouvre',
  restore: 'Restaurer',
  restoreFailed: 'La sauvegarde n’a pas pu être restaurée.',
  restoredWords: (restored) => {
    const rooms = counted(restored.rooms, { one: '# salon', other: '# salons' })
    const kept = restored.keptOwnProfile ? ' Ce navigateur avait déjà sa propre identité, et la garde.' : ''
    return `Restauré : ${rooms} avec ${messages(restored.messages)}.${kept}`
  },

  historyHelp:
    'Restauré d’une sauvegarde, en lecture seule. Ce sont les mots de qui a fait la sauvegarde ; ils ne sont pas vérifiés.',
  historyGone: 'Cet historique n’est plus ici.',
  back: 'Retour',

  erase: 'Tout effacer sur cet appareil',
  eraseHelp:
    'Chaque salon, clé, message et réglage que ce navigateur garde de QSEC, dans tous ses onglets. Les autres dans vos salons voient encore cet appareil comme membre jusqu’à ce qu’ils le retirent ; quittez d’abord les salons si vous le pouvez.',
  eraseTitle: 'Tout effacer ici ?',
  eraseWarning:
    'C’est sans retour. Sans sauvegarde, votre historique est perdu. Le navigateur supprime les fichiers ; ce que le disque lui-même garde quelque temps de fichiers supprimés échappe à une page web.',
  eraseYes: 'Tout effacer',
  eraseFailed: 'Tout n’a pas pu être effacé.',
}

export const restoringWords: Catalogue['restoringWords'] = (reason) =>
  ({
    'no-backup': 'Ce fichier n’est pas une sauvegarde de QSEC, ou il est coupé.',
    newer: 'Un QSEC plus récent a fait ce fichier. Rechargez la page et réessayez.',
    'not-opened': 'Cela ne l’ouvre pas : la phrase de passe ou le code est faux, ou le fichier a été modifié.',
    unreadable: 'Le fichier s’est ouvert, mais son contenu a une forme que cette version ne connaît pas.',
    'no-code': lockWords.noCode,
    'too-large': 'Le fichier est plus grand que toute sauvegarde de QSEC.',
  })[reason]
