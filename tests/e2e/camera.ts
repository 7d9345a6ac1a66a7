/** A camera for Chromium that sees one picture: a grey film of one frame, which its pretended camera shows again and again. */
import { writeFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'

const frame = { width: 640, height: 480 }

/** Switches for a Chromium whose camera sees what stands in `file` by the time it is opened. */
export const cameraSwitches = (file: string): string[] => [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${file}`,
]

/** Before the camera a grey wall. */
export function showNothing(file: string): void {
  writeFileSync(file, y4m(new Uint8Array(frame.width * frame.height).fill(200)))
}

/** Before the camera what `page` shows there. */
export async function showPicture(file: string, page: Page, picture: Locator): Promise<void> {
  writeFileSync(file, y4m(await lumaOf(page, await picture.screenshot())))
}

/** The brightness of a picture, drawn in the middle of a camera's frame. */
async function lumaOf(page: Page, png: Buffer): Promise<Uint8Array> {
  const blank = await page.context().newPage()
  const text = await blank.evaluate(
    async ({ source, width, height }) => {
      const picture = new Image()
      picture.src = source
      await picture.decode()
      const canvas = document.createElement('canvas')
      canvas.width = width
      canvas.height = height
      const context = canvas.getContext('2d')!
      context.fillStyle = '#ddd'
      context.fillRect(0, 0, width, height)
      const side = height * 0.8
      context.drawImage(picture, (width - side) / 2, (height - side) / 2, side, side)
      const { data } = context.getImageData(0, 0, width, height)
      let luma = ''
      for (let i = 0; i < data.length; i += 4) luma += String.fromCharCode(data[i + 1]!)
      return luma
    },
    { source: `data:image/png;base64,${png.toString('base64')}`, ...frame },
  )
  await blank.close()
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function y4m(luma: Uint8Array): Uint8Array {
  const colour = new Uint8Array(luma.length / 2).fill(128)
  const header = `YUV4MPEG2 W${frame.width} H${frame.height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`
  return Buffer.concat([Buffer.from(header), luma, colour])
}
