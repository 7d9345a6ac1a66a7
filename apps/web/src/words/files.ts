/** Words about files: choosing and sending them, fetching, looking at and saving them. */
import type { FileStateView, FileView } from '@qsec/client'
import { isolated } from './locale.ts'
import { type Translatable, translatable } from './translatable.ts'

const filesEnglish = {
  attach: 'Attach file',
  limit: (size: string): string => `Up to ${size} each, ten with one message.`,
  toSend: 'Files to send',
  remove: (name: string): string => `Remove ${isolated(name)}`,
  bare: 'Where and with what pictures were taken is removed before they are sent.',
  notBare: 'Films, sound and pictures of other kinds keep what they say about where and with what they were made.',
  tooLarge: (name: string, size: string): string =>
    `${isolated(name)} is larger than this server passes on: ${size} at most.`,
  tooMany: 'One message takes ten files. Send the others with the next.',
  notSent: 'The files were not sent.',
  drop: 'Drop files here to send them',
  preparing: (name: string, percent: string): string => `Preparing ${isolated(name)}: ${percent}`,
  cancelSending: 'Cancel sending',
  download: (name: string): string => `Download ${isolated(name)}`,
  downloadShort: 'Download',
  save: (name: string): string => `Save ${isolated(name)}`,
  saveShort: 'Save',
  cancel: (name: string): string => `Cancel ${isolated(name)}`,
  cancelShort: 'Cancel',
  open: (name: string): string => `Open picture ${isolated(name)}`,
  play: (name: string): string => `Play ${isolated(name)}`,
  playShort: 'Play',
  progress: (name: string): string => `How much of ${isolated(name)} has come`,
  waitsForHolder: 'Waiting for somebody who has this file',
  waitsForConnection: 'Goes on with the connection',
  nobodyYet: 'Nobody has taken it yet',
  giving: (percent: string): string => `Sending: ${percent}`,
  failed: {
    wrong: 'What came was not the file that was sent. Nothing of it was kept.',
    'too-large': 'This file is larger than this server passes on.',
    'no-space': 'This device has no room for this file. Delete something, then try again.',
  },
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

export const fileWords: Translatable<typeof filesEnglish> = translatable('fileWords', filesEnglish)

export function failureWords({ reason }: Extract<FileStateView, { at: 'failed' }>): string {
  return fileWords.failed[reason]
}

/** `1:05`. */
export function durationWords(seconds: number): string {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** What a message without words is called where it is quoted. */
export function namesOf(files: readonly FileView[] = []): string {
  return files.map(({ name, voice }) => (voice ? fileWords.voice : isolated(name))).join(', ')
}
