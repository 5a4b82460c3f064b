import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Services } from '../shop/reach.js'

const program = fileURLToPath(new URL('killed-process.ts', import.meta.url))

/** Lets another process accept a reminder and be killed. Answers the id that it was told. */
export function leaveReminder(services: Services): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ['--import', 'tsx', program, JSON.stringify(services)]
    execFile(process.execPath, args, (error, printed, complaints) => {
      if (error?.signal === 'SIGKILL') resolve(printed)
      else reject(new Error(`it was not killed after the reminder was accepted: ${complaints}`))
    })
  })
}
