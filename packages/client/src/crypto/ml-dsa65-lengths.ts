/** Lengths of ML-DSA-65 (FIPS 204), in bytes; `hedge` is the randomness of one signature. */
export const mlDsa65 = { seedBytes: 32, publicKeyBytes: 1_952, signatureBytes: 3_309, hedgeBytes: 32 } as const
