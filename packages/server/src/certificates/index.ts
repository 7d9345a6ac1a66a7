/** The one place that writes certificates: for the relay on a LAN, and for the simulated KMEs. */
export { Authority, type Identity, type Lifetime, type NewAuthority, type NewCertificate } from './authority.ts'
