/** French: `../kept.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { isolated } from '../locale.ts'

export const keptWords: Catalogue['keptWords'] = {
  region: 'Version de cette page',
  offered: (version) => `Le serveur a maintenant une autre version de cette page : ${version}`,
  code: 'Son programme est différent.',
  headers: 'Les règles que le serveur donne au navigateur pour cette page sont différentes.',
  relay: 'Elle parlerait à un autre serveur.',
  signature: {
    none: 'Personne ne l’a signée, comme celle qui tourne ici.',
    'same-key': 'Elle est signée, avec la même clé qu’avant.',
    'first-key':
      'Elle est signée. Celle qui tourne ici ne l’est pas : ce navigateur ne peut donc pas dire à qui est cette clé.',
    'other-key':
      'Elle est signée avec une autre clé qu’avant. Demandez à qui fait tourner ce serveur avant de la prendre.',
    'no-longer':
      'Elle n’est pas signée, et les versions d’avant l’étaient. Demandez à qui fait tourner ce serveur avant de la prendre.',
    wrong: 'Sa signature est fausse. Ne la prenez pas, et dites-le à qui fait tourner ce serveur.',
  },
  older: 'Elle a été signée avant celle qui tourne ici : c’est peut-être une ancienne, aux défauts connus.',
  hash: 'Empreinte',
  take: 'La prendre et recharger',
  later: 'Plus tard',
  taken:
    'Un autre onglet a pris une nouvelle version de cette page. Celui-ci tourne avec l’ancienne jusqu’à ce que vous le rechargiez.',
  reload: 'Recharger',
  takeFailed: 'La nouvelle version n’a pas pu être prise.',
  fault: (fault) =>
    fault.type === 'not-listed'
      ? `Les fichiers du serveur ne sont pas ceux de sa propre liste : ${isolated(fault.file)} est un autre ou manque. Il est peut-être sur le point d’être mis à jour, ou quelqu’un l’a modifié.`
      : 'Le serveur ne dit pas de quels fichiers cette page est faite.',
  faultKept: 'Ce qui tourne ici est la version que ce navigateur garde.',
  faultNotKept: 'Ce navigateur ne garde donc pas la page, et ne peut pas vous dire quand elle change.',
  dismiss: 'Masquer',
}

export const aboutWords: Catalogue['aboutWords'] = {
  title: 'À propos de cette page',
  version: 'Version',
  hash: 'Empreinte de sa liste de fichiers',
  signed: 'Signée',
  signedWords: (signature) => {
    if (signature.signed) return `Oui, le ${signature.signedAt.slice(0, 10)}, avec la clé`
    return signature.reason === 'none' ? 'Non : construite ici, non signée' : 'Non : sa signature est fausse'
  },
  relay: 'Parle à',
  keptTitle: 'Est-elle toujours la même ?',
  keeping: {
    kept: 'Ce navigateur garde cette version et la démarre sans le serveur. Il vous demande avant d’en prendre une autre.',
    'kept-not-running':
      'Ce navigateur garde cette version. Cet onglet est venu directement du serveur ; après le prochain rechargement, c’est la version gardée qui tourne.',
    impossible:
      'Ce navigateur ne garde pas de copie ici (une fenêtre privée, peut-être) : chaque visite prend donc ce que le serveur donne à ce moment.',
    starting: 'Contrôle en cours…',
    failed: 'Ce navigateur n’a pas pu garder de copie : chaque visite prend donc ce que le serveur donne à ce moment.',
  },
  looked: (when) => `Dernière comparaison avec le serveur : ${when}.`,
  unreachable: 'Le serveur n’a pas pu être joint.',
  same: 'Le serveur a la même version.',
  lookNow: 'Comparer maintenant',
  stop: 'Ne pas garder de copie',
  stopped: 'La copie n’est plus là. La prochaine visite prend ce que le serveur donne. Vos salons et vos clés restent.',
  limits:
    'Qui sert cette page peut encore tromper un navigateur qui vient pour la première fois, ou remplacer ce qui veille ici. Pour en être sûr, comparez l’empreinte et la clé avec ce que l’éditeur dit ailleurs, ou contrôlez depuis un ordinateur auquel vous vous fiez :',
  verify: (origin) => `qsec verify ${origin} --key qsec.pub`,
  sourceTitle: 'Code source et licences',
  source:
    'QSEC est un logiciel libre sous licence MIT. Qui fait tourner ce serveur peut vous donner le code source de cette version ; construite à partir de lui, la même empreinte en sort.',
  notices: 'Licences des paquets qu’elle contient',
  noticesFailed: 'Les licences n’ont pas pu être chargées.',
  close: 'Fermer',
}
