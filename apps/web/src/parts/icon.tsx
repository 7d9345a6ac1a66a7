/** The small pictures of buttons and states, drawn in the colour of the text. They say nothing to a screen reader. */
import type { JSX } from 'preact'

const paths = {
  lock: 'M6 10V7a4 4 0 0 1 8 0v3M5 10h10v7H5z',
  open: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M3 10h14M10 3c-5 4-5 10 0 14M10 3c5 4 5 10 0 14',
  invite: 'M8 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2 17c0-4 2.500-6 6-6s6 2 6 6M16 6v6M13 9h6',
  panel: 'M3 4h14v12H3zM12 4v12',
  search: 'M9 3.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11M13 13l4 4',
  command: 'M4 5l4 4-4 4M10 14h6',
  grow: 'M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5',
  shrink: 'M8 3v5H3M12 3v5h5M17 12h-5v5M8 17v-5H3',
  send: 'M3 10l14-6.500-5 13.500-3-5.500zM9 11.500l8-8',
  close: 'M5 5l10 10M15 5L5 15',
  back: 'M12 4l-6 6 6 6',
  down: 'M10 4v12M5 11l5 5 5-5',
  up: 'M10 16V4M5 9l5-5 5 5',
  clock: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4l3 2',
  timer: 'M10 5a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M8 2.500h4M10 8v3.500',
  tick: 'M4 10.500l4 4 8-9',
  ticks: 'M1.500 10.500l4 4 7-8.500M9 13.500l1.200 1 7.300-9',
  warning: 'M10 3l8 14H2zM10 8v4M10 14.200v.3',
  copy: 'M7 7h9v10H7zM4 13V3h9',
  more: 'M10 4.500v.1M10 10v.1M10 15.500v.1',
  shield:
    'M10 2.500l6.500 2.500v4.500c0 4-2.700 6.800-6.500 8-3.800-1.200-6.500-4-6.500-8V5zM7 10l2.200 2.200L13.200 8',
  person: 'M10 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6M4 17c0-3.700 2.500-5.500 6-5.500s6 1.800 6 5.500',
  camera: 'M3 6.500h3L7.500 4.500h5L14 6.500h3v9H3zM10 13.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6',
  leave: 'M12 4H4v12h8M9 10h9M15 7l3 3-3 3',
  device: 'M3 4h14v9H3zM7 17h6M10 13v4',
  reply: 'M8 4L3 9l5 5M3 9h8c4 0 6 2 6 7',
  edit: 'M4 16l1-4 8.500-8.500 3 3L8 15zM11.500 5.500l3 3',
  smile: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M7.500 8v.8M12.500 8v.8M6.800 12c1.700 2.300 4.700 2.300 6.400 0',
  clip: 'M15.500 9.500l-5.800 5.800a3.300 3.300 0 0 1-4.700-4.700l6.200-6.200a2.200 2.200 0 0 1 3.100 3.100l-6 6a1.100 1.100 0 0 1-1.600-1.600l5.300-5.200',
  file: 'M5 2.500h6.500L15 6v11.500H5zM11.500 2.500V6H15',
  forth: 'M8 4l6 6-6 6',
  microphone:
    'M10 12a2.500 2.500 0 0 0 2.500-2.500v-4a2.500 2.500 0 0 0-5 0v4A2.500 2.500 0 0 0 10 12M5 9.500a5 5 0 0 0 10 0M10 14.500v3',
  language: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M3.500 8h13M3.500 12h13M10 3c-4 4-4 10 0 14M10 3c4 4 4 10 0 14',
  save: 'M10 3v9M6 8.500l4 4 4-4M3 13v4h14v-4',
} as const

export type IconName = keyof typeof paths

/** Those that point somewhere: turned where the page is read from the right. */
const directed: readonly IconName[] = ['send', 'back', 'forth', 'leave', 'reply', 'panel']

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg
      class={directed.includes(name) ? 'icon directed' : 'icon'}
      viewBox="0 0 20 20"
      width="20"
      height="20"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  )
}
