/**
 * Pages that need no secure context: the laboratory, and the guide to a private certificate. They are a folder of their own
 * in the build (`apps/web/dist/plain`), so that who serves them over plain HTTP has no file of the chat to serve.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { workerPolicy } from './headers.ts'
import { builtWebRoot, type Pages } from './pages.ts'

const immutable = 'public, max-age=31536000, immutable'
/** Every file of the folder but its pages. */
const assetShape = /^[A-Za-z0-9._-]+-[A-Za-z0-9_-]{8}\.(js|css|svg)$/
const types: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
}

/** Where a build of the web client has them. */
export function plainFolderOf(webRoot: string = builtWebRoot): string {
  return path.join(webRoot, 'plain')
}

/** `/lab`, and the files of it and of the guide at `/plain/…`. All of them are read once: there are few, and they are small. */
export function openPlainPages(folder: string): Pages {
  const lab = readPage(folder, 'lab.html')
  if (lab === undefined) return { built: false, serve: () => false }
  const assets = new Map(
    readdirSync(folder).flatMap((name) => {
      const [, ending] = assetShape.exec(name) ?? []
      return ending ? [[`/plain/${name}`, { type: types[ending]!, bytes: readFileSync(path.join(folder, name)) }]] : []
    }),
  )
  return {
    built: true,
    serve(request, response, pathname) {
      if (pathname === '/lab') {
        give(request, response, { type: 'text/html', bytes: Buffer.from(lab) })
        return true
      }
      const asset = assets.get(pathname)
      if (!asset) return false
      response.setHeader('Cache-Control', immutable)
      if (/\.worker-/.test(pathname)) response.setHeader('Content-Security-Policy', workerPolicy)
      give(request, response, asset)
      return true
    },
  }
}

function give(
  request: IncomingMessage,
  response: ServerResponse,
  { type, bytes }: { type: string; bytes: Buffer },
): void {
  response.setHeader('Content-Type', `${type};charset=utf-8`)
  response.setHeader('Content-Length', bytes.length)
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

/** The guide as it was built, with places for `{{what}}` only a running relay knows; undefined where it was not. */
export function readGuide(folder: string): string | undefined {
  return readPage(folder, 'guide.html')
}

function readPage(folder: string, name: string): string | undefined {
  const file = path.join(folder, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
