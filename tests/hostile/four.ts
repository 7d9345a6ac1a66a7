/**
 * What *fail closed* means, rule by rule: which test asserts that what was brought is refused, that the state is what it
 * was, that the next honest message (or whatever is honest there) works, and that a person reads of it in plain words.
 */

/** The tag of a test, or why there is nothing to assert. */
export type Cell = string | { none: string }

export interface Four {
  refused: Cell
  unchanged: Cell
  goesOn: Cell
  told: Cell
}

/** One test that asserts all of it, but for what `over` says. */
const all = (tag: string, over: Partial<Four> = {}): Four => ({
  refused: tag,
  unchanged: tag,
  goesOn: tag,
  told: tag,
  ...over,
})

const property = (none: string): Four => ({
  refused: { none },
  unchanged: { none },
  goesOn: { none },
  told: { none },
})

const nothingBrought: Cell = { none: 'nothing is brought: something is kept back' }
const honestFrame: Cell = { none: 'the frame itself is honest and is taken; only what the relay adds to it is not' }
const newLeaf: Cell = { none: 'the device comes back as a new leaf, in a new epoch: that is what mends it' }

export const four: Readonly<Record<string, Four>> = {
  A1: all('A1', { told: 'ID33' }), // before the right bundle is there nothing is shown; changed keys of a person are
  A2: all('A2'), // here and below who waits is counted on the screen, and the safety numbers differ (ID32)
  A3: all('A3'),
  A4: all('A4'),
  A5: all('A5', { told: { none: 'a claim that opens nothing says nothing: the name stands as its owner signed it' } }),
  A6: all('A6'),
  A7: all('A7'),
  A8: all('A8'),
  A9: all('A9'),
  A10: all('A10'),
  A11: all('A11', {
    told: { none: 'the page goes on saying that it waits: a line for each would let a relay flood it' },
  }),
  A12: all('A12'),
  A13: all('A13'),
  A14: all('A14', { refused: nothingBrought, unchanged: newLeaf }),
  A15: all('A15'),
  A16: all('A16'),
  B17: all('B17'),
  B18: all('B18'),
  B19: all('B19', { told: { none: 'what comes twice says nothing new' } }),
  B20: all('B20', {
    unchanged: { none: 'the frame that is taken moves the ratchet past the other: so that one stays shut' },
  }),
  B21: all('B21', { refused: nothingBrought, unchanged: nothingBrought }),
  B22: all('B22'),
  B23: all('B23', { unchanged: honestFrame, told: 'HR24' }),
  B24: all('B24', {
    told: { none: 'a false line is not shown, and no line says that there was one: nothing depends on it' },
  }),
  B25: all('B25'),
  B26: all('B26', {
    unchanged: { none: 'each side goes on in the epoch that it was given; no state mixes the two' },
    goesOn: { none: 'rooms that were split do not grow together: people compare, and make another' },
  }),
  B27: all('B27'),
  B28: all('B28'),
  B29: all('B29', { refused: 'SN58', unchanged: { none: 'an answer that is behind moves no place and no group' } }),
  B30: all('B30'),
  B31: all('B31', { unchanged: honestFrame }),
  B32: all('B32'),
  B33: all('B33', { told: 'PQ2' }),
  B34: all('B34', { told: { none: 'what the relay says of settings is read by nothing' } }),
  C35: all('C35'),
  C36: all('C36'),
  C37: all('C37'),
  C38: all('C38'),
  C39: all('C39', { refused: { none: 'people may have one name: nobody is kept out for it, both are told apart' } }),
  C40: all('C40'),
  C41: all('C41'),
  C42: all('C42', { refused: { none: 'it is text, and stands there as the text that it is' } }),
  C43: all('C43'),
  C44: property('nothing arrives: a property of what is sealed'),
  C45: property('nothing is asked for, so nothing can be refused'),
  F79: property('headers that every response has'),
  F80: property('what scanners read of those headers'),
  F81: {
    refused: 'PG10',
    unchanged: { none: 'the browser runs nothing of it, so nothing of ours is reached' },
    goesOn: 'PG10',
    told: { none: 'the browser says it in its console; people did nothing and can do nothing' },
  },
  F82: {
    refused: 'PG1',
    unchanged: { none: 'no code has run that could store anything' },
    goesOn: { none: 'the page starts again from a server whose files are whole' },
    told: 'PG1',
  },
  F83: property('a property of the build'),
  F84: property('a property of what is stored'),
  F85: { refused: 'AR6', unchanged: 'AR42', goesOn: 'AR50', told: 'AR50' },
  F86: { refused: 'AR58', unchanged: 'AR33', goesOn: 'AR55', told: 'AR58' },
  F87: all('AR30', { unchanged: newLeaf }),
  F88: property('nothing is brought: what was there is gone'),
  F89: { refused: 'AR61', unchanged: 'AR60', goesOn: 'AR61', told: 'AR61' },
  F90: property('how the page is read'),
}
