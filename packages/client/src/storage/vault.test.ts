import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memoryLocks, nodeRandom, openNodeStorage, openNodeVault } from '../node.ts'
import { newRecoverySecret } from '../vault/recovery-code.ts'
import { stretchInNode } from '../vault/stretch.node.ts'
import type { StretchCost } from '../vault/stretch.ts'
import { type MemoryStorage, openMemoryStorage } from './memory.ts'
import { type DataKey, importDataKey } from './sealed.ts'
import { bytes, put, refused } from './storage.contract.ts'
import { Vault } from './vault.ts'

const cost: StretchCost = { memoryKiB: 19 * 1024, passes: 2, lanes: 1 }
const passphrase = 'correct horse battery staple'
const recovery = newRecoverySecret(nodeRandom)

/** The key that a device keeps for itself, as IndexedDB and Node's key file do. */
function deviceKeyIn(place: { key?: DataKey }) {
  const renew = async () => {
    place.key = await importDataKey(nodeRandom(32))
    return place.key
  }
  return {
    get: async () => place.key ?? (await renew()),
    renew,
    forget: async () => {
      delete place.key
    },
  }
}

interface Disk {
  storage: MemoryStorage
  place: { key?: DataKey }
}
const newDisk = (): Disk => ({ storage: openMemoryStorage(), place: {} })
const open = ({ storage, place }: Disk, name = 'test') =>
  Vault.open({
    name,
    storage,
    deviceKey: deviceKeyIn(place),
    locks: memoryLocks(),
    random: nodeRandom,
    stretch: stretchInNode,
    cost,
  })

describe('a vault', () => {
  it('[AR10] a passphrase replaces the device’s own key: nothing on the disk opens it without one', async () => {
    const disk = newDisk()
    const vault = await open(disk)
    expect(vault.state).toBe('open')
    await vault.storage.apply([put('a', bytes(1)), put('b/c', bytes(2, 3))])
    const before = await disk.storage.list('')
    const oldKey = disk.place.key!
    await vault.protect(passphrase, recovery)
    expect(vault.state).toBe('unlocked')
    expect(disk.place.key).toBeUndefined()
    // The data key is a new one too: the old key, left on the disk perhaps, opens none of the entries.
    const seal = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: new Uint8Array() }
    for (const { key, value } of await disk.storage.list('')) {
      expect(before.find((one) => one.key === key)!.value).not.toEqual(value)
      const aad = new TextEncoder().encode(`qsec-storage-v1\0test\0${key}`)
      const cipher = { ...seal, iv: value.slice(1, 13), additionalData: aad }
      await expect(crypto.subtle.decrypt(cipher, oldKey, value.slice(13))).rejects.toThrow()
    }
    // The vault that was open goes on under the new key.
    await vault.storage.apply([put('d', bytes(4))])
    expect(await vault.storage.get('a')).toEqual(bytes(1))

    const later = await open(disk)
    expect(later.state).toBe('locked')
    expect(() => later.storage).toThrow('locked')
    expect(await later.unlock({ passphrase: 'incorrect horse' })).toBe(false)
    expect(later.state).toBe('locked')
    expect(await later.unlock({ passphrase })).toBe(true)
    expect(await later.storage.list('')).toHaveLength(3)
    const byCode = await open(disk)
    expect(await byCode.unlock({ recovery })).toBe(true)
    expect(await byCode.storage.get('d')).toEqual(bytes(4))
  })

  it('[AR11] a changed passphrase leaves the old one and the old recovery code without effect', async () => {
    const disk = newDisk()
    const vault = await open(disk)
    await vault.storage.apply([put('a', bytes(1))])
    await vault.protect(passphrase, recovery)
    const oldBox = await disk.storage.vault()
    const newCode = newRecoverySecret(nodeRandom)
    await vault.protect('another passphrase', newCode)
    for (const secret of [{ passphrase }, { recovery }]) expect(await (await open(disk)).unlock(secret)).toBe(false)
    const later = await open(disk)
    expect(await later.unlock({ recovery: newCode })).toBe(true)
    // The old box, put back by a thief who knew the old passphrase, opens, but none of the entries does.
    await disk.storage.replaceAll(await disk.storage.list(''), oldBox)
    const thief = await open(disk)
    expect(await thief.unlock({ passphrase })).toBe(true)
    await refused('damaged', thief.storage.get('a'))
  })

  it('[AR12] a removed passphrase brings the device’s own key back, a new one', async () => {
    const disk = newDisk()
    const vault = await open(disk)
    await vault.storage.apply([put('a', bytes(1))])
    await vault.protect(passphrase, recovery)
    await vault.unprotect()
    expect(vault.state).toBe('open')
    const later = await open(disk)
    expect(later.state).toBe('open')
    expect(await later.storage.get('a')).toEqual(bytes(1))
  })

  it('[AR13] a change of protection that fails leaves everything as it was; a short passphrase is refused', async () => {
    const disk = newDisk()
    const vault = await open(disk)
    await vault.storage.apply([put('a', bytes(1))])
    disk.storage.failNextApply('full')
    await refused('full', vault.protect(passphrase, recovery))
    expect(vault.state).toBe('open')
    expect(await (await open(disk)).storage.get('a')).toEqual(bytes(1))
    await expect(vault.protect('short', recovery)).rejects.toThrow(RangeError)
    await vault.protect(passphrase, recovery)
    disk.storage.failNextApply('full')
    await refused('full', vault.unprotect())
    const later = await open(disk)
    expect(later.state).toBe('locked')
    expect(await later.unlock({ passphrase })).toBe(true)
    expect(await later.storage.get('a')).toEqual(bytes(1))
  })

  it('[AR14] what is written while the protection changes is there afterwards, under the new key', async () => {
    const disk = newDisk()
    const vault = await open(disk)
    const writes = [vault.storage.apply([put('before', bytes(1))])]
    const change = vault.protect(passphrase, recovery)
    for (let i = 0; i < 20; i++) {
      writes.push(vault.storage.apply([put(`during/${i}`, bytes(i))]))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await Promise.all([change, ...writes])
    const later = await open(disk)
    await later.unlock({ passphrase })
    expect(await later.storage.list('')).toHaveLength(21)
  })
})

describe('a vault in a folder', () => {
  const inFolder = async (run: (folder: string) => Promise<void>) => {
    const folder = mkdtempSync(join(tmpdir(), 'qsec-vault-'))
    try {
      await run(folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  it('[AR15] the key file goes with the passphrase, also after a crash in between, and comes back without one', async () => {
    await inFolder(async (folder) => {
      const keyFile = join(folder, 'storage.key')
      const vault = await openNodeVault(folder)
      await vault.storage.apply([put('a', new TextEncoder().encode('MARKER'))])
      const oldKey = readFileSync(keyFile)
      await vault.protect(passphrase, recovery)
      expect(existsSync(keyFile)).toBe(false)
      await vault.close()
      for (const file of readdirSync(folder)) {
        const stored = readFileSync(join(folder, file))
        expect(stored.includes('MARKER') || stored.includes(oldKey)).toBe(false)
      }
      await refused('locked', openNodeStorage(folder))
      const error = await refused('locked', openNodeStorage(folder, { secret: { passphrase: 'wrong horse, wrong' } }))
      expect(error.message).toContain('does not open')
      await refused('locked', openNodeStorage(folder, { dataKey: new Uint8Array(32) }))

      writeFileSync(keyFile, oldKey) // a crash just before it was removed
      const storage = await openNodeStorage(folder, { secret: { passphrase } })
      expect(await storage.get('a')).toEqual(new TextEncoder().encode('MARKER'))
      expect(existsSync(keyFile)).toBe(false)
      await storage.close()

      const again = await openNodeVault(folder)
      expect(await again.unlock({ recovery })).toBe(true)
      await again.unprotect()
      await again.close()
      const plain = await openNodeStorage(folder)
      expect(await plain.get('a')).toEqual(new TextEncoder().encode('MARKER'))
      await plain.close()
    })
  })
})
