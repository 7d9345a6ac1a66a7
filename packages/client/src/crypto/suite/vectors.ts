/** Small selections of published test vectors; the source stands at each. All bytes are in hexadecimal. */

/**
 * draft-connolly-cfrg-xwing-kem-09, appendix C: `sk` of `seed`, and the secret that `eseed` encapsulates. The draft's
 * public keys and ciphertexts are 2.3 kB each: here stand their first and last 16 bytes.
 */
export const xWingVectors: { seed: string; eseed: string; ss: string; pk?: [string, string]; ct?: [string, string] }[] =
  [
    {
      seed: '7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26',
      eseed:
        '3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2',
      ss: 'd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384',
      pk: ['e2236b35a8c24b39b10aa1323a96a919', '23593d4ba32d9abac8cd049040ef6534'],
      ct: ['b83aa828d4d62b9a83ceffe1d3d3bb1e', 'b97e63e0e41d354274a079d3e6fb2e15'],
    },
    {
      seed: 'badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea',
      eseed:
        '17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdefaee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d',
      ss: 'f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150',
    },
    {
      seed: 'ef58538b8d23f87732ea63b02b4fa0f4873360e2841928cd60dd4cee8cc0d4c9',
      eseed:
        '22a96188d032675c8ac850933c7aff1533b94c834adbb69c6115bad4692d8619f90b0cdf8a7b9c264029ac185b70b83f2801f2f4b3f70c593ea3aeeb613a7f1b',
      ss: '953f7f4e8c5b5049bdc771d1dffada0dd961477d1a2ae0988baa7ea6898d893f',
    },
  ]

/** RFC 9180, appendix A.6.1: HKDF-SHA512 and AES-256-GCM, which are ours, below another KEM. */
export const hpkeVector = {
  kemId: 0x12,
  info: '4f6465206f6e2061204772656369616e2055726e',
  sharedSecret:
    '776ab421302f6eff7d7cb5cb1adaea0cd50872c71c2d63c30c4f1d5e43653336fef33b103c67e7a98add2d3b66e2fda95b5b2a667aa9dac7e59cc1d46d30e818',
  plaintext: '4265617574792069732074727574682c20747275746820626561757479',
  aad: '436f756e742d30',
  ciphertext: '170f8beddfe949b75ef9c387e201baf4132fa7374593dfafa90768788b7b2b200aafcc6d80ea4c795a7c5b841a',
  exports: [
    ['', '05e2e5bd9f0c30832b80a279ff211cc65eceb0d97001524085d609ead60d0412'],
    ['00', 'fca69744bb537f5b7a1596dbf34eaa8d84bf2e3ee7f1a155d41bd3624aa92b63'],
    ['54657374436f6e74657874', 'f389beaac6fcf6c0d9376e20f97e364f0609a88f1bc76d7328e9104df8477013'],
  ] as const,
}

/** Wycheproof, aes_gcm_test: 256-bit keys and 96-bit nonces. */
export const aesGcmVectors: Record<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag', string>[] = [
  {
    key: '92ace3e348cd821092cd921aa3546374299ab46209691bc28b8752d17f123c20',
    iv: '00112233445566778899aabb',
    aad: '00000000ffffffff',
    msg: '00010203040506070809',
    ct: 'e27abdd2d2a53d2f136b',
    tag: '9a4a2579529301bcfb71c78d4060f52c',
  },
  {
    key: '29d3a44f8723dc640239100c365423a312934ac80239212ac3df3421a2098123',
    iv: '00112233445566778899aabb',
    aad: 'aabbccddeeff',
    msg: '',
    ct: '',
    tag: '2a7d77fa526b8250cb296078926b5020',
  },
  {
    key: '80ba3192c803ce965ea371d5ff073cf0f43b6a2ab576b208426e11409c09b9b0',
    iv: '4da5bf8dfd5852c1ea12379d',
    aad: '',
    msg: '',
    ct: '',
    tag: '4771a7c404a472966cea8f73c8bfe17a',
  },
  {
    key: '3b2458d8176e1621c0cc24c0c0e24c1e80d72f7ee9149a4b166176629616d011',
    iv: '45aaa3e5d16d2d42dc03445d',
    aad: '',
    msg: '3ff1514b1c503915918f0c0c31094a6e1f',
    ct: '73a6b6f45f6ccc5131e07f2caa1f2e2f56',
    tag: '2d7379ec1db5952d4e95d30c340b1b1d',
  },
  {
    key: 'ff0089ee870a4a39f645b0a5da774f7a5911e9696fc9cad646452c2aa8595a12',
    iv: 'bc2a7757d0ce2d8b1f14ccd9',
    aad: '972ab4e06390caae8f99dd6e2187be6c7ff2c08a24be16ef',
    msg: '748b28031621d95ee61812b4b4f47d04c6fc2ff3',
    ct: 'a929ee7e67c7a2f91bbcec6389a3caf43ab49305',
    tag: 'ebec6774b955e789591c822dab739e12',
  },
]

/** Wycheproof, x25519_test 1, 2, 7, 20, 23 and 26: a normal key, keys on the twist, keys of a special form. */
export const x25519Vectors: Record<'publicKey' | 'secret' | 'shared', string>[] = [
  {
    publicKey: '504a36999f489cd2fdbc08baff3d88fa00569ba986cba22548ffde80f9806829',
    secret: 'c8a9d5a91091ad851c668b0736c1c9a02936c0d3ad62670858088047ba057475',
    shared: '436a2c040cf45fea9b29a0cb81b1f41458f863d0d61b453d0a982720d6d61320',
  },
  {
    publicKey: '63aa40c6e38346c5caf23a6df0a5e6c80889a08647e551b3563449befcfc9733',
    secret: 'd85d8c061a50804ac488ad774ac716c3f5ba714b2712e048491379a500211958',
    shared: '279df67a7c4611db4708a0e8282b195e5ac0ed6f4b2f292c6fbd0acac30d1332',
  },
  {
    publicKey: '0200000000000000000000000000000000000000000000000000000000000000',
    secret: 'd03edde9f3e7b799045f9ac3793d4a9277dadeadc41bec0290f81f744f73775f',
    shared: 'b87a1722cc6c1e2feecb54e97abd5a22acc27616f78f6e315fd2b73d9f221e57',
  },
  {
    publicKey: 'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f0000',
    secret: 'd88a441e706f606ae7f630f8b21f3c2554739e3e549f804118c03771f608017b',
    shared: 'ff1b509a0a1a54726086f1e1c0acf040ab463a2a542e5d54e92c6df8126cf636',
  },
  {
    publicKey: '0000000000000000000000000000000000000000000000000000000000000020',
    secret: 'e8e43fc1ebac0bbc9b99c8035ee1ac59b90f19a16c42c0b90f96adfcc5fdee78',
    shared: '0d41a5b3af770bf2fcd34ff7972243a0e2cf4d34f2046a144581ae1ec68df03b',
  },
  {
    publicKey: '00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffff7f',
    secret: '80da9f02842247d4ade5ddbac51dbce55ea7dca2844e7f97ab8987ce7fd8bc71',
    shared: 'bfe183ba3d4157a7b53ef178613db619e27800f85359c0b39a9fd6e32152c208',
  },
]

/** RFC 7748 and Wycheproof (flag LowOrderPublic): public keys of which every secret makes zeroes. */
export const lowOrderX25519: string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

/** Wycheproof, ed25519_test 1 to 5, 10, 15, 20, 27 and 29, all under one public key. */
export const ed25519Vectors: { publicKey: string; valid: [string, string][]; invalid: [string, string][] } = {
  publicKey: '7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa',
  valid: [
    [
      '',
      'd4fbdb52bfa726b44d1786a8c0d171c3e62ca83c9e5bbe63de0bb2483f8fd6cc1429ab72cafc41ab56af02ff8fcc43b99bfe4c7ae940f60f38ebaa9d311c4007',
    ],
    [
      '78',
      'd80737358ede548acb173ef7e0399f83392fe8125b2ce877de7975d8b726ef5b1e76632280ee38afad12125ea44b961bf92f1178c9fa819d020869975bcbe109',
    ],
    [
      '54657374',
      '7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab07a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b30d',
    ],
    [
      '48656c6c6f',
      '1c1ad976cbaae3b31dee07971cf92c928ce2091a85f5899f5e11ecec90fc9f8e93df18c5037ec9b29c07195ad284e63d548cd0a6fe358cc775bd6c1608d2c905',
    ],
    [
      '313233343030',
      '657c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281c2bf0cf5b3a289976458a1be6277a5055545253b45b07dcc1abd96c8b989c00f301',
    ],
  ],
  invalid: [
    ['3f', '00'.repeat(64)],
    ['3f', `01${'00'.repeat(63)}`],
    ['3f', `edd3f55c1a631258d69cf7a2def9de14${'00'.repeat(15)}10${'00'.repeat(32)}`],
    ['3f', `ed${'ff'.repeat(30)}7fecd3f55c1a631258d69cf7a2def9de14${'00'.repeat(15)}10`],
    ['3f', `ed${'ff'.repeat(30)}7fed${'ff'.repeat(30)}7f`],
  ],
}
