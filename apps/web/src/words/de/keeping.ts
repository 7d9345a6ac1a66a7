/** German: `../keeping.ts`. */
import type { Catalogue } from '../catalogue.ts'
import { daysWords } from './time.ts'

export const keepsOtherwise: Catalogue['keepsOtherwise'] = (agreed, does) => {
  if (agreed === undefined) {
    return {
      title: 'Der Server behält versiegelte Nachrichten auf seinem Datenträger, obwohl dieser Raum das nicht verlangt.',
      help: 'Lesen kann er sie nicht. Dieses Gerät hat ihm gesagt, dass er damit aufhören soll.',
    }
  }
  if (does === 0) {
    return {
      title: 'Der Server behält versiegelte Nachrichten nicht, obwohl dieser Raum das verlangt.',
      help: 'Wer lange weg ist, oder während der Server neu gestartet wird, verpasst vielleicht Nachrichten.',
    }
  }
  return {
    title: `Der Server behält versiegelte Nachrichten für ${daysWords(does)}, nicht für ${daysWords(agreed)}.`,
    help: 'Wer länger weg ist, verpasst vielleicht Nachrichten.',
  }
}
