/** Starts the laboratory's worker. The page's one Trusted Types policy lets its address through, and no other. */
import labWorker from './lab.worker.ts?worker&url'
import type { LabResult, LabSettings } from './lab-run.ts'

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): typeof rules
}

const rules = {
  createScriptURL(address: string): string {
    if (address !== labWorker) throw new TypeError('A script that this page does not know was about to be started.')
    return address
  },
}
const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
const policy = factory?.createPolicy('qsec', rules) ?? rules

export interface Laboratory {
  /** One run at a time; rejects where the browser cannot run the worker. */
  run(settings: LabSettings): Promise<LabResult>
}

export function openLaboratory(): Laboratory {
  let worker: Worker | undefined
  return {
    run: (settings) =>
      new Promise((resolve, reject) => {
        worker ??= new Worker(policy.createScriptURL(labWorker), { type: 'module', name: 'laboratory' })
        worker.onmessage = ({ data }: MessageEvent<LabResult>) => resolve(data)
        worker.onerror = (event) => {
          worker = undefined // the next run starts another
          reject(new Error(event.message))
        }
        worker.postMessage(settings)
      }),
  }
}
