import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a program of its own took, from its start to its end. */
export interface ProgramRun {
  readonly cpuMs: number
  readonly wallMs: number
  readonly stdout: string
}

// The program itself says at its end what it used. Node tells nobody about its children.
const sayCpu = `process.on('exit', () => console.error(JSON.stringify(process.cpuUsage())))`
const preload = ['--import', `data:text/javascript,${encodeURIComponent(sayCpu)}`]

/** Runs Node with these arguments in the folder of the benches, where packages are found by name. */
export function runNode(args: readonly string[]): ProgramRun {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, [...preload, ...args], { cwd, encoding: 'utf8' })
  const wallMs = performance.now() - start
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`.slice(0, 4_000))
  const { user, system } = JSON.parse(stderr) as NodeJS.CpuUsage
  return { cpuMs: (user + system) / 1_000, wallMs, stdout }
}
