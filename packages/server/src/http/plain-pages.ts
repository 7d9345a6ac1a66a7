/**
 * Pages that need no secure context: the laboratory, and the guide to a private certificate. They are a build of their own
 * (`apps/web/plain`), so that who serves them over plain HTTP has no file of the chat to serve.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import sirv from 'sirv'
import { workerPolicy } from './headers.ts'
import type { Pages } from './pages.ts'

const builtFolder = fileURLToPath(new URL('../../../../apps/web/plain/dist', import.meta.url))
const immutable = 'public, max-age=31536000, immutable'
/** Every file of the build but its pages: `plain/<name>-<hash>.<ending>`. */
const assetShape = /^\/plain\/[A-Za-z0-9._-]+-[A-Za-z0-9_-]{8}\.(?:js|css|svg)$/

/** `/lab` and the files of it and of the guide. */
export function openPlainPages(folder: string = builtFolder): Pages {
  const lab = readPage(folder, 'lab.html')
  if (lab === undefined) return { built: false, serve: () => false }
  const files = sirv(folder, {
    etag: true,
    extensions: [],
    setHeaders: (response) => response.setHeader('Cache-Control', immutable),
  })
  return {
    built: true,
    serve(request, response, pathname) {
      if (pathname === '/lab') {
        response.setHeader('Content-Type', 'text/html;charset=utf-8')
        response.end(request.method === 'HEAD' ? undefined : lab)
        return true
      }
      // As with the files of the chat: what a new build has taken away, and nonsensical ranges, end in sirv badly.
      if (!assetShape.test(pathname) || !existsSync(path.join(folder, pathname))) return false
      if (/^\/plain\/[a-z-]+\.worker-/.test(pathname)) response.setHeader('Content-Security-Policy', workerPolicy)
      delete request.headers.range
      let served = true
      files(request, response, () => {
        served = false
      })
      return served
    },
  }
}

/** The guide as it was built, with places for `{{what}}` only a running relay knows; undefined where it was not. */
export function readGuide(folder: string = builtFolder): string | undefined {
  return readPage(folder, 'guide.html')
}

function readPage(folder: string, name: string): string | undefined {
  const file = path.join(folder, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
