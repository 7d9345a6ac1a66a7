/** Stands where libraries ask for Node's `crypto` in case WebCrypto is missing: in a browser that runs QSEC it never is. */
export const webcrypto: undefined = undefined
