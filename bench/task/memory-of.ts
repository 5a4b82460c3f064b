import { readFileSync } from 'node:fs'

/** Resident memory of a process in megabytes: the most that it had, and what it has now. Linux only; 0 elsewhere. */
export function memoryOf(pid: number | undefined): { readonly peak: number; readonly now: number } {
  if (process.platform !== 'linux' || pid === undefined) return { peak: 0, now: 0 }
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytesOf = (field: string): number => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024
  return { peak: megabytesOf('VmHWM'), now: megabytesOf('VmRSS') }
}
