/** Words about files: choosing and sending them, fetching, looking at and saving them. */
import type { FileStateView, FileView } from '../client-gate.ts'

export const fileWords = {
  attach: 'Attach file',
  limit: (size: string): string => `Up to ${size} each, ten with one message.`,
  toSend: 'Files to send',
  remove: (name: string): string => `Remove ${name}`,
  bare: 'Where and with what pictures were taken is removed before they are sent.',
  notBare: 'Films, sound and pictures of other kinds keep what they say about where and with what they were made.',
  tooLarge: (name: string, size: string): string => `${name} is larger than this server passes on: ${size} at most.`,
  tooMany: 'One message takes ten files. Send the others with the next.',
  notSent: 'The files were not sent.',
  drop: 'Drop files here to send them',
  preparing: (name: string, percent: number): string => `Preparing ${name}: ${percent} %`,
  cancelSending: 'Cancel sending',
  download: (name: string): string => `Download ${name}`,
  downloadShort: 'Download',
  save: (name: string): string => `Save ${name}`,
  saveShort: 'Save',
  cancel: (name: string): string => `Cancel ${name}`,
  cancelShort: 'Cancel',
  open: (name: string): string => `Open picture ${name}`,
  play: (name: string): string => `Play ${name}`,
  playShort: 'Play',
  coming: (percent: number): string => `${percent} %`,
  progress: (name: string): string => `How much of ${name} has come`,
  waitsForHolder: 'Waiting for somebody who has this file',
  waitsForConnection: 'Goes on with the connection',
  nobodyYet: 'Nobody has taken it yet',
  giving: (percent: number): string => `Sending: ${percent} %`,
  notAsSaid: 'Not what its name says. It can be saved, and is not shown.',
  notOpened: 'The file could not be opened.',
  notFetched: 'The file could not be fetched.',
  notCancelled: 'It was not cancelled.',
  voice: 'Voice message',
  record: 'Record voice message',
  recording: (time: string): string => `Recording: ${time}`,
  stopRecording: 'Stop and add it',
  dropRecording: 'Throw it away',
  noMicrophone: 'The microphone could not be used.',
  gallery: (place: number, count: number): string => `Picture ${place} of ${count}`,
  previous: 'Previous picture',
  next: 'Next picture',
  close: 'Close',
} as const

const failures: Record<Extract<FileStateView, { at: 'failed' }>['reason'], string> = {
  wrong: 'What came was not the file that was sent. Nothing of it was kept.',
  'too-large': 'This file is larger than this server passes on.',
  'no-space': 'This device has no room for this file. Delete something, then try again.',
}

export function failureWords(state: Extract<FileStateView, { at: 'failed' }>): string {
  return failures[state.reason]
}

/** `2.4 MB`, as people count: by thousands of 1,024 as the operator's limit does. */
export function sizeWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let value = bytes
  let unit = 0
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_024
    unit++
  }
  const digits = unit === 0 || value >= 10 ? 0 : 1
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: digits }).format(value)} ${units[unit]}`
}

/** `1:05`. */
export function durationWords(seconds: number): string {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

export function percentOf(done: number, size: number): number {
  return size === 0 ? 100 : Math.min(100, Math.floor((done / size) * 100))
}

/** What a message without words is called where it is quoted. */
export function namesOf(files: readonly FileView[] = []): string {
  return files.map(({ name, voice }) => (voice ? fileWords.voice : name)).join(', ')
}
