/** What the server says of the page, where nothing here keeps it. */
import { fileListName, judgeSignature, manifestHash, parseFileList, signatureName } from '@qsec/client/release'
import type { Signed } from './kept.ts'

export interface Facts {
  version: string
  hash: string
  signature: Signed
}

/** Undefined where the server cannot be reached, or says nothing that can be understood. */
export async function facts(): Promise<Facts | undefined> {
  const get = async (name: string): Promise<Uint8Array | undefined> => {
    const response = await fetch(`/${name}`, { cache: 'no-store' }).catch(() => undefined)
    return response?.ok ? new Uint8Array(await response.arrayBuffer()) : undefined
  }
  const [list, signature] = await Promise.all([get(fileListName), get(signatureName)])
  const parsed = list && parseFileList(list)
  if (!list || !parsed) return undefined
  return { version: parsed.version, hash: manifestHash(list), signature: await judgeSignature(list, signature) }
}
