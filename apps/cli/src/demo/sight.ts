/** What the demo reads off a device's snapshot. */
import type { LinkView, RoomSnapshot, SystemEvent } from '@qsec/client'

export function textsOf({ timeline }: RoomSnapshot): string[] {
  return timeline.flatMap((item) => (item.kind === 'message' ? [item.text] : []))
}

export function hasTexts(...texts: string[]): (snapshot: RoomSnapshot) => boolean {
  return (snapshot) => texts.every((text) => textsOf(snapshot).includes(text))
}

export function isDelivered(text: string): (snapshot: RoomSnapshot) => boolean {
  return ({ timeline }) =>
    timeline.some((item) => item.kind === 'message' && item.text === text && item.state === 'delivered')
}

export function countOf({ timeline }: RoomSnapshot, type: SystemEvent['type']): number {
  return timeline.filter((item) => item.kind === 'system' && item.event.type === type).length
}

/** Whether exactly these people are inside, all known by name. */
export function hasPeople(...names: string[]): (snapshot: RoomSnapshot) => boolean {
  return ({ people }) =>
    people.length === names.length && names.every((name) => people.some((one) => one.name === name))
}

export function linksThat({ quantum }: RoomSnapshot, state: LinkView['state']): LinkView[] {
  return quantum.links.filter((link) => link.state === state)
}

/** Whether links of that state lead from one device to all others: a whole star. */
export function isStarOf(state: LinkView['state']): (snapshot: RoomSnapshot) => boolean {
  return (snapshot) => {
    const links = linksThat(snapshot, state)
    return snapshot.people.some(({ device: centre }) => {
      const reached = links.filter(({ ends }) => ends.some(({ device }) => device === centre))
      return reached.length >= snapshot.people.length - 1
    })
  }
}

export function linkName({ ends }: LinkView): string {
  return ends.map(({ name }) => name.split(' ')[0]).join('–')
}

export function percent(ratio: number | undefined): string {
  return ratio === undefined ? '?' : `${(100 * ratio).toFixed(1)} %`
}

/** Length of the key that the last run of the link gave. */
export function secretBits({ stages }: LinkView): number {
  return stages.find(({ name }) => name === 'amplified')?.bits ?? 0
}
