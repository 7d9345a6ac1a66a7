/** The page's one Trusted Types policy, `qsec`. It lets through the script addresses of its allow-list and nothing else. */

import argon2Url from './argon2.worker.ts?worker&url'
import quantumWorker from './quantum.worker.ts?worker&url'
import serviceWorker from './service-worker/sw.ts?worker&url'

/** Built script addresses that may become a worker, or the one that keeps the page. */
const allowedScripts: ReadonlySet<string> = new Set([argon2Url, quantumWorker, serviceWorker])

interface ScriptPolicy {
  createScriptURL(address: string): unknown
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): ScriptPolicy
}

// A name can be taken once only, so the policy is made when this module loads. Browsers without Trusted Types get the
// same check without the browser's seal on it.
const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
const rules = { createScriptURL: allowed }
const policy: ScriptPolicy = factory?.createPolicy('qsec', rules) ?? rules

/** An address of the allow-list in the form that `Worker` and `serviceWorker.register` accept. Throws for any other. */
export function scriptUrl(address: string): string {
  return policy.createScriptURL(address) as string
}

export function startQuantumWorker(): Worker {
  return new Worker(scriptUrl(quantumWorker), { type: 'module', name: 'quantum' })
}

export function registerServiceWorker(): Promise<ServiceWorkerRegistration> {
  return navigator.serviceWorker.register(scriptUrl(serviceWorker), { scope: '/', updateViaCache: 'none' })
}

function allowed(address: string): string {
  if (!allowedScripts.has(address))
    throw new TypeError('A script that this page does not know was about to be started.')
  return address
}
