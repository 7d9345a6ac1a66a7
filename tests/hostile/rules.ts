/**
 * The rules of the threat model that a relay (A, B), a member (C) or a page's host (F) may try to break, and the tests
 * that hold them, with those about the relay as a server (E) and about reliability (G). A test is named by the tag in its
 * title, wherever it stands. D is proven in packages/qkd and packages/client/src/quantum.
 */

export interface Rule {
  rule: string
  says: string
  /** Tags of tests; empty only with an excuse. */
  tests: readonly string[]
  /** What no test holds yet, and why. */
  excuse?: string
  /** What a reader should know about the tests. */
  remark?: string
  /** Why no switch (switches.ts) takes its defence away; else there is one. */
  noSwitch?: string
}

const identity: readonly Rule[] = [
  {
    rule: 'A1',
    says: 'a bundle that is not the leaf’s is refused; changed keys show',
    tests: ['A1', 'ID33', 'ID21', 'PP40'],
  },
  { rule: 'A2', says: 'a swap at first contact shows, and fails in a closed room', tests: ['A2', 'ID13', 'ID32'] },
  { rule: 'A3', says: 'half a hybrid key replaced breaks the bundle', tests: ['A3', 'ID3', 'ID4'] },
  {
    rule: 'A4',
    says: 'a bundle of another person, room or time is refused',
    tests: ['A4', 'CR8', 'CR11', 'CR56', 'CR72', 'CR73'],
  },
  { rule: 'A5', says: 'a name comes from its own leaf’s person alone', tests: ['A5', 'ID6'] },
  {
    rule: 'A6',
    says: 'no proof, no entry; a knock waits; a rejoin needs its own record',
    tests: ['A6', 'GP63', 'GP66', 'MS10', 'CR3'],
  },
  { rule: 'A7', says: 'external commits are refused', tests: ['A7', 'CR28'] },
  { rule: 'A8', says: 'an Add without right is refused; all see who let whom in', tests: ['A8', 'CR5', 'MS6'] },
  { rule: 'A9', says: 'one leaf for one device record', tests: ['A9', 'CR10'] },
  { rule: 'A10', says: 'the people shown are the MLS tree', tests: ['A10'] },
  { rule: 'A11', says: 'the Welcome of another opens nothing, an own one once', tests: ['A11', 'CR13', 'PP16'] },
  { rule: 'A12', says: 'a Welcome of another group is refused', tests: ['A12', 'CR13', 'HR8'] },
  { rule: 'A13', says: 'who was removed reads nothing more and is not read', tests: ['A13', 'CR1', 'SY10', 'MS1'] },
  { rule: 'A14', says: 'a hidden removal is learnt from peers', tests: ['A14', 'HR5', 'SN43'] },
  { rule: 'A15', says: 'a join proof serves one room, leaf and time', tests: ['A15', 'CR6', 'CR8', 'MS5'] },
  { rule: 'A16', says: 'an address cannot be mapped onto another group', tests: ['A16', 'CR58'] },
]

const stream: readonly Rule[] = [
  { rule: 'B17', says: 'a replay appears once', tests: ['B17', 'CR21', 'SN44'] },
  { rule: 'B18', says: 'an own message is not somebody else’s', tests: ['B18', 'CR21'] },
  { rule: 'B19', says: 'redelivery after a reconnect appears once', tests: ['B19', 'SN2', 'SN54'] },
  { rule: 'B20', says: 'nothing is rearranged in silence', tests: ['B20', 'SN1'] },
  {
    rule: 'B21',
    says: 'a dropped message shows at the next, a hidden tail at the receipt',
    tests: ['B21', 'HR6', 'SN4'],
  },
  { rule: 'B22', says: 'no byte of a frame can be changed, cut or added', tests: ['B22', 'CR22', 'QM7'] },
  {
    rule: 'B23',
    says: 'sender, time and room are authenticated or doubted',
    tests: ['B23', 'CR20', 'ID40', 'DM15', 'HR24'],
  },
  {
    rule: 'B24',
    says: 'lines about the room come from the client’s own state',
    tests: ['B24'],
  },
  { rule: 'B25', says: 'another room’s frame, or one of another kind, is refused', tests: ['B25', 'CR42'] },
  { rule: 'B26', says: 'a fork by commits alarms both sides', tests: ['B26', 'HR6', 'SN27', 'ID12'] },
  {
    rule: 'B27',
    says: 'a frame opens only in its epoch; early ones wait, bounded',
    tests: ['B27', 'HR10', 'SN5', 'SN43'],
  },
  {
    rule: 'B28',
    says: 'of two commits one counts, and a standing one stays',
    tests: ['B28', 'CR26', 'CR27', 'RL5', 'SN47'],
  },
  { rule: 'B29', says: 'a relay that rewinds is noticed', tests: ['B29', 'SN58'] },
  {
    rule: 'B30',
    says: 'more than 200 skipped messages: an error, bounded, mended by an epoch',
    tests: ['B30', 'CR24'],
  },
  { rule: 'B31', says: 'Delivered only by a receipt from inside', tests: ['B31', 'C36', 'MS9', 'SN39'] },
  { rule: 'B32', says: 'the suite cannot be changed', tests: ['B32', 'CR28', 'CR58', 'CR16'] },
  {
    rule: 'B33',
    says: 'a suppressed PSK leaves the label post-quantum, and nothing is sealed where keys are required',
    tests: ['B33', 'PQ2', 'PQ3', 'HQ3', 'QM8'],
  },
  {
    rule: 'B34',
    says: 'the relay configures nothing that matters',
    tests: ['B34', 'PR30'],
  },
]

const members: readonly Rule[] = [
  { rule: 'C35', says: 'nobody speaks as another leaf', tests: ['C35', 'CR20'] },
  { rule: 'C36', says: 'one ciphertext, one text; histories are compared', tests: ['C36', 'HR6', 'SN26', 'PP13'] },
  { rule: 'C37', says: 'a path that not all can follow is refused and seen', tests: ['C37', 'CR29', 'SN50'] },
  {
    rule: 'C38',
    says: 'edits and reactions only where one may',
    tests: ['C38', 'MC5', 'MC21', 'HR24'],
    remark: 'a person edits and deletes with any of its devices; nobody deletes for others',
  },
  { rule: 'C39', says: 'look-alike names are marked', tests: ['C39', 'ID10', 'ID11', 'ID21', 'ID22', 'WB27'] },
  {
    rule: 'C40',
    says: 'sizes and counts are held by the receiver',
    tests: ['C40', 'MC13', 'MC14', 'MC8', 'PR27', 'ID10'],
  },
  {
    rule: 'C41',
    says: 'files are renamed, typed and never run',
    tests: ['C41', 'FI17', 'FI20', 'FI22', 'FI25', 'FI31'],
  },
  { rule: 'C42', says: 'no text, name or link runs anything', tests: ['C42', 'WB11', 'MV11', 'MV12', 'CL15', 'AR44'] },
  {
    rule: 'C43',
    says: 'nesting bombs render or fall back',
    tests: ['C43', 'PG13', 'MV13'],
    remark: 'too long, too many signs or too many nodes: text as it stands; the time is measured by bench/web/markup',
  },
  { rule: 'C44', says: 'nothing is compressed; sizes show a bucket', tests: ['CR25'] },
  {
    rule: 'C45',
    says: 'a message causes no request elsewhere',
    tests: ['RL73', 'AR44'],
  },
]

const page: readonly Rule[] = [
  { rule: 'F79', says: 'every response has the headers', tests: ['RL73', 'RL74'] },
  { rule: 'F80', says: 'scanners find nothing beyond known notes', tests: ['RL77', 'RL78'] },
  {
    rule: 'F81',
    says: 'eval, inline code and string sinks are blocked',
    tests: ['PG10', 'PG11', 'PG12', 'WB21', 'WB22', 'RL73'],
    remark: 'tried in Chromium',
  },
  {
    rule: 'F82',
    says: 'a changed asset stops the start; the build refuses HTML without integrity',
    tests: ['PG1', 'PG2', 'PG3', 'PG4', 'PG5', 'PG6'],
    remark: 'scripts of workers have no integrity in any browser',
  },
  {
    rule: 'F83',
    says: 'builds are reproducible, and their list is what is served',
    tests: ['PG7', 'PG8', 'PG9'],
    remark: 'who publishes signs the list, and unsigned builds say so: RE7, RV1, RV5',
  },
  { rule: 'F84', says: 'browser storage holds no raw secret', tests: ['AR53', 'ST34', 'ST16'] },
  { rule: 'F85', says: 'wrong passphrase, changed blob, lowered cost: alike', tests: ['AR6', 'AR42', 'AR4', 'AR50'] },
  {
    rule: 'F86',
    says: 'no two ciphertexts under one generation',
    tests: ['AR55', 'AR56', 'AR57', 'AR58', 'AR33', 'AR32', 'CA1', 'SN32'],
  },
  { rule: 'F87', says: 'an old state seals nothing', tests: ['AR30', 'AR31', 'AR32', 'SN45'] },
  { rule: 'F88', says: 'leaving empties storage', tests: ['HR14', 'AR54'] },
  { rule: 'F89', says: 'clock jumps break nothing', tests: ['AR60', 'AR61', 'CR8', 'PP32', 'DM2'] },
  { rule: 'F90', says: 'accessibility; changed keys are an alert', tests: ['E6', 'E7', 'WB25', 'E12'] },
]

const server: readonly Rule[] = [
  { rule: 'E60', says: 'foreign and null origins are refused on both transports', tests: ['RL60', 'RL75', 'HX1'] },
  { rule: 'E61', says: 'no cookie counts, and no POST from elsewhere', tests: ['HX26'] },
  {
    rule: 'E62',
    says: 'nothing before a login, no login twice or elsewhere, one device and one room a socket',
    tests: ['RL50', 'RL55', 'RL56', 'RL57', 'RL58', 'RL59', 'RL19'],
    remark: 'an event too early is refused, and the socket closed once the time to log in is over',
  },
  { rule: 'E63', says: 'a challenge has one prefix and one length', tests: ['PR21'] },
  {
    rule: 'E64',
    says: 'absent and forbidden look and time alike; lists are for members',
    tests: ['RL28', 'KN1', 'DL2', 'RL27', 'RL20', 'PR3'],
    remark:
      'times are compared by `npm run soak -- timing`. Who knows a closed address can try to make a room there, and is told that it exists',
  },
  { rule: 'E65', says: 'whatever the arguments and names, a coded answer', tests: ['RL50', 'FB4', 'FZ1'] },
  { rule: 'E66', says: 'garbage closes its socket; memory stays flat', tests: ['HX22', 'RL51', 'SY12'] },
  { rule: 'E67', says: 'wrong frames close with 1002, 1007 or 1009; no deflate', tests: ['HX23', 'RL52'] },
  {
    rule: 'E68',
    says: 'slow, half-open and silent sockets are bounded, and nobody else notices',
    tests: ['RL17', 'HX24', 'RL64', 'DR3'],
  },
  {
    rule: 'E69',
    says: 'floods meet limits that lock no victim out',
    tests: ['HX4', 'HX5', 'HX6', 'HX7', 'RL54', 'RL61', 'RL63', 'KN9', 'DL6', 'GP15'],
    remark: 'making rooms and knocking are counted by address alone: whoever does it has shown nothing yet',
  },
  {
    rule: 'E70',
    says: 'all SQL is prepared',
    tests: ['HX28'],
    noSwitch: 'nothing builds SQL out of values: the test reads the sources for it',
  },
  { rule: 'E71', says: 'lines of logs are capped and escaped', tests: ['RL42', 'HX28'] },
  {
    rule: 'E72',
    says: 'no marker in database, logs or output',
    tests: ['RL43', 'SY13', 'E5', 'KS3'],
    noSwitch: 'of what is not written there is nothing to switch off; the marker runs look for it everywhere',
  },
  {
    rule: 'E73',
    noSwitch: 'no code sends it anywhere; the browser itself leaves fragments out',
    says: 'the fragment is in no request, Referer, log or history entry',
    tests: ['E5', 'SY13', 'WB1', 'AR53'],
  },
  { rule: 'E74', says: 'no path leads out; source maps and dot files are 404', tests: ['HX25', 'RL70'] },
  {
    rule: 'E75',
    says: 'bad Host, absolute URIs, huge headers; forged addresses',
    tests: ['RL74', 'HX1', 'HX2', 'HX3'],
  },
  {
    rule: 'E76',
    says: 'JSON cannot pollute prototypes',
    tests: ['FZ2', 'AR43', 'RL50'],
    noSwitch: 'schemas build objects of their own: there is no second step that could be left out',
  },
  {
    rule: 'E77',
    says: 'nothing for operators is reached; faults tell nothing',
    tests: ['HX27', 'RL74'],
    noSwitch: 'nothing for operators is on that port',
  },
  {
    rule: 'E78',
    noSwitch: 'a property of the installation, not a defence in the code',
    says: 'lock files alone, no scripts, known packages',
    tests: ['HX31', 'HX32', 'HX33'],
    remark: 'signatures and known vulnerabilities need a registry: `npm run soak -- audit`',
  },
]

/** What the whole does, over many parts; planted bugs show that its checkers see (CX2 to CX5, SM2). */
const reliable = 'no single defence'

const reliability: readonly Rule[] = [
  {
    rule: 'G91',
    noSwitch: reliable,
    says: 'kill -9 amid messages loses nothing and doubles nothing',
    tests: ['CX10', 'GP60', 'SY6'],
  },
  {
    rule: 'G92',
    noSwitch: reliable,
    says: 'a stop of relay or client: no loss, no duplicate',
    tests: ['CX10', 'CX40'],
  },
  { rule: 'G93', noSwitch: reliable, says: 'disk full: no promise, then recovery', tests: ['CX30', 'RL48', 'KS9'] },
  {
    rule: 'G94',
    noSwitch: reliable,
    says: 'a damaged database is refused in clear words',
    tests: ['CX20', 'CX21', 'CX22', 'KS14'],
  },
  {
    rule: 'G95',
    noSwitch: reliable,
    says: 'cuts, half-open links, latency and trickle: exactly once',
    tests: ['CX10', 'TR1', 'SN2'],
  },
  {
    rule: 'G96',
    noSwitch: reliable,
    says: 'a churn of clients ends in one epoch',
    tests: ['CH1'],
    remark: '`npm run soak -- churn` for 200',
  },
  { rule: 'G97', noSwitch: reliable, says: 'old and new understand or refuse each other', tests: ['RL50', 'PR30'] },
  {
    rule: 'G98',
    noSwitch: reliable,
    says: 'memory, handles, log and database stay bounded',
    tests: ['RL13', 'RL14', 'KS2', 'HX4', 'HX22'],
    remark: 'all at once by `npm run soak -- bounded`',
  },
  { rule: 'G99', noSwitch: reliable, says: 'one seed, one trace; planted bugs are found', tests: ['SM1', 'SM2'] },
  {
    rule: 'G100',
    noSwitch: reliable,
    says: 'SIGTERM drains; bad settings end the start',
    tests: ['DR4', 'RL80', 'RL81', 'RL82'],
  },
]

export const rules: readonly Rule[] = [...identity, ...stream, ...members, ...server, ...page, ...reliability]
