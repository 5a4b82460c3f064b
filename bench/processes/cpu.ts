import { readFileSync, readdirSync } from 'node:fs'

/** Linux counts CPU time in hundredths of a second. */
const tickMs = 10

/** CPU time so far, in milliseconds, of these processes and all that they started. Linux only; 0 elsewhere. */
export function cpuMsOf(pids: readonly (number | undefined)[]): number {
  const wanted = new Set(pids)
  const processes = readProcesses()
  const isWanted = (pid: number): boolean => {
    for (let at = pid; at > 1; at = processes.get(at)?.parent ?? 0) if (wanted.has(at)) return true
    return false
  }
  let ticks = 0
  for (const [pid, { own }] of processes) if (isWanted(pid)) ticks += own
  return ticks * tickMs
}

interface ProcessTimes {
  readonly parent: number
  /** With those of its children that ended. */
  readonly own: number
}

function readProcesses(): ReadonlyMap<number, ProcessTimes> {
  const found = new Map<number, ProcessTimes>()
  if (process.platform !== 'linux') return found
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      // The name of the program is in brackets, and may hold spaces and brackets itself.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number)
      found.set(Number(name), { parent: Number(fields[1]), own: user + system + endedUser + endedSystem })
    } catch {
      // It ended meanwhile.
    }
  }
  return found
}
