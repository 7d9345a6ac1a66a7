/** The web client's files: the page itself, its hashed assets, and nothing else. */
import { existsSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseRoomAddress } from '@qsec/protocol'
import sirv from 'sirv'
import { isWorkerScript, serviceWorkerPath, serviceWorkerPolicy, workerPolicy } from './headers.ts'

export interface Pages {
  /** False until the web client has been built. */
  readonly built: boolean
  /** Serves `pathname`, or returns false where it names nothing. */
  serve(request: IncomingMessage, response: ServerResponse, pathname: string): boolean
}

/** Where `npm start` builds the web client. */
export const builtWebRoot: string = fileURLToPath(new URL('../../../../apps/web/dist', import.meta.url))

const immutable = 'public, max-age=31536000, immutable'

export function openPages(webRoot: string): Pages {
  const index = readIndex(webRoot)
  // sirv throws where there is no such folder.
  if (!index) return { built: false, serve: () => false }
  const files = sirv(webRoot, {
    etag: true,
    gzip: true,
    brotli: true,
    extensions: [],
    setHeaders: (response, pathname) => {
      response.setHeader('Cache-Control', pathname.startsWith('/assets/') ? immutable : 'no-cache')
    },
  })
  return {
    built: true,
    serve(request, response, pathname) {
      if (isPage(pathname)) {
        response.setHeader('Cache-Control', 'no-cache')
        response.setHeader('Content-Type', 'text/html;charset=utf-8')
        response.setHeader('Content-Length', index.length)
        response.end(request.method === 'HEAD' ? undefined : index)
        return true
      }
      if (!isPublicFile(pathname)) return false
      // sirv lists the folder once. A file that a new build has taken away since would end the process, for nobody
      // listens to the stream that fails to open it.
      if (!existsSync(path.join(webRoot, pathname))) return false
      if (isWorkerScript(pathname)) response.setHeader('Content-Security-Policy', workerPolicy)
      if (pathname === serviceWorkerPath) response.setHeader('Content-Security-Policy', serviceWorkerPolicy)
      // Without ranges: a nonsensical one throws in sirv, and no file here is large.
      delete request.headers.range
      let served = true
      files(request, response, () => {
        served = false
      })
      return served
    },
  }
}

function readIndex(webRoot: string): Buffer | undefined {
  const file = path.join(webRoot, 'index.html')
  return existsSync(file) ? readFileSync(file) : undefined
}

function isPage(pathname: string): boolean {
  if (pathname === '/') return true
  const [, room] = /^\/room\/([^/]+)$/.exec(pathname) ?? []
  return room !== undefined && parseRoomAddress(room) !== undefined
}

/** Plain names alone: no dot files, no way up, no escapes, no source maps, no compressed twins by name. */
function isPublicFile(pathname: string): boolean {
  return /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+$/.test(pathname) && !/\.(?:map|br|gz)$/.test(pathname)
}
