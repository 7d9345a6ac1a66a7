/** Every limit of the wire in one place. Bytes are counted before base64url; times are milliseconds. */
export const limits = {
  /** Characters of the token for making rooms. */
  createTokenLength: 200,
  /** One application frame: a message, a BB84 frame or a key share. */
  messageBytes: 262_144,
  /** One commit. */
  commitBytes: 4_194_304,
  /** One Welcome with its ratchet tree. */
  welcomeBytes: 8_388_608,
  /** One KeyPackage (an X-Wing one is about 2.7 kB). */
  keyPackageBytes: 16_384,
  /** One bundle: person keys, device record, signatures. */
  bundleBytes: 16_384,
  /** One-time KeyPackages that a device keeps published for pair groups. */
  keyPackagesPerDevice: 32,
  /** Devices that one commit may add or remove. */
  devicesPerCommit: 1_000,
  /** Public invite keys that the relay keeps for a room. */
  joinKeysPerRoom: 16,
  /** Requests of strangers who knock that stand in one room at a time. */
  knocksPerRoom: 16,
  /** One sealed offer to link another device. */
  deviceLinkBytes: 16_384,
  /** Such offers of one device that the relay holds at a time. */
  deviceLinksPerDevice: 4,
  /** An offer to link another device can be taken for so long. */
  deviceLinkLifetimeMs: 600_000,
  /** Devices of the two persons in one conversation. */
  devicesPerConversation: 64,
  /** Pair streams that one `join` may resume. */
  pairsPerJoin: 1_000,
  /** Bundles that a member hands to a relay that was set back, at a time. */
  bundlesPerReopen: 250,
  /** Devices in one room, gone ones and those who wait not counted. */
  devicesPerRoom: 2_000,
  /** Persons in one room. */
  capacity: 1_000,
  /** Lines of the room log in one answer. */
  logLines: 500,
  /** Rows of one of the relay's tables in one answer, and the characters of one of their texts. */
  roomRows: 100,
  rowTextLength: 2_000,
  /** Columns of a table, and tables, that a client takes. */
  rowColumns: 40,
  roomTables: 64,
  /** A login signature lives this long. */
  loginLifetimeMs: 30_000,
  /** A socket that has not joined by then is closed. */
  loginDeadlineMs: 10_000,
  /** A join request waits this long for somebody to let the joiner in. */
  joinRequestMs: 604_800_000,
  /** A commit stands by itself after this time (protocol.md §4). */
  commitStandsMs: 30_000,
  /** What the ring of one stream may hold. */
  ringFrames: 4_096,
  ringBytes: 8_388_608,
  ringAgeMs: 86_400_000,
  /** What the rings of all streams together may hold. */
  ringBytesInAll: 268_435_456,
  /** Days for which a room may ask the relay to keep its sealed frames. */
  keepDays: 365,
  /** A reader with more than this waiting on its socket is cut and resumes by cursor. */
  slowReaderBytes: 16_777_216,
  /** Frames that a member hands another at a time, and their bytes; one frame alone may have those of a commit. */
  gapFrames: 256,
  gapBytes: 1_048_576,
  /** Members whose frames were wrong that one request can name. */
  gapLiars: 64,
  /** Characters of the address at which a push service takes messages for one browser. */
  pushEndpointLength: 1_024,
  /** The largest file that any relay passes on; what its operator allows is in the answer to `join`. */
  fileBytes: 1_073_741_824,
  /** Pieces of one file, its padding included; and one piece: its place in the hash tree, and 64 KiB with their tag. */
  filePieces: 20_000,
  filePieceBytes: 66_560,
  /** Devices whose pieces were wrong that one request can name. */
  fileLiars: 64,
  /** The relay tells where a stream stands after a pause between these two. */
  heartbeatLeastMs: 10_000,
  heartbeatMostMs: 25_000,
  /** A relay that closes sends everybody away for at most this long. */
  drainMs: 60_000,
} as const
