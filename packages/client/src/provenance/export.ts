/** Where the keys of the epochs come from, as a file: docs/provenance.md has its form. No key, no name, no text. */
import type { DeviceId, RoomAddress } from '@qsec/protocol'
import type { EpochView, PersonView } from '../snapshot.ts'

const notice =
  'Exported from QSEC: where the keys of a room came from, as one of its devices has seen it. No key is in this file.'

const suite = {
  keyAgreement: 'X-Wing: X25519 with ML-KEM-768',
  encryption: 'AES-256-GCM',
  hash: 'SHA-512',
  signatures: 'Ed25519',
}

/** @param epochs - as `RoomClient.epochs` yields them */
export function epochsAsJson(
  epochs: readonly EpochView[],
  about: { room: RoomAddress; device: DeviceId; madeMs: number },
): string {
  const { room, device, madeMs } = about
  const oldestFirst = epochs.toReversed().map(epochAsJson)
  const file = { format: 'qsec-epochs-1', notice, madeAt: iso(madeMs), room, device, suite, epochs: oldestFirst }
  return `${JSON.stringify(file, null, 2)}\n`
}

function epochAsJson({
  epoch,
  atMs,
  by,
  reasons,
  joined,
  returned,
  left,
  label,
  renewed,
  linkKey,
  quantum,
  ...rest
}: EpochView): object {
  const renewal = renewed ? { renewedInEpoch: renewed.epoch, by: renewed.by.device } : { renewedInEpoch: null }
  const links = quantum?.links.map((link) => ({ device: link.with.device, pad: link.pad })) ?? []
  return {
    epoch,
    enteredAt: iso(atMs),
    by: by?.device ?? null,
    reasons,
    joined: devicesOf(joined),
    returned: devicesOf(returned),
    left: devicesOf(left),
    label,
    x25519: renewal,
    mlKem768: renewal,
    inviteLinkSecret: linkKey,
    quantum: quantum
      ? [{ keyId: quantum.keyId, source: sourceOf(links), sinceEpoch: quantum.since, from: quantum.from.device, links }]
      : [],
    quantumLinks: { covered: rest.linksCovered, of: rest.linksInAll },
    eavesdropperFound: rest.eavesdropper === true,
  }
}

function devicesOf(people: readonly PersonView[]): DeviceId[] {
  return people.map(({ device }) => device)
}

/** Mixed kinds count as the weaker one, as in the label. */
function sourceOf(links: readonly { pad: string }[]): 'bb84-simulated' | 'etsi-014-hardware' | 'none' {
  const pads = links.map(({ pad }) => pad).filter((pad) => pad !== 'none')
  if (pads.length === 0) return 'none'
  return pads.every((pad) => pad === 'hardware') ? 'etsi-014-hardware' : 'bb84-simulated'
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
