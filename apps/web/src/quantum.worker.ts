/** The script of the quantum worker. It is built on its own; the page knows its address alone (trusted-types.ts). */
import '@qsec/client/quantum-worker'
