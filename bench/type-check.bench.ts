// How long the compiler takes for a large app, from nothing: `node scripts/run.mjs bench type-check`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeProject } from './type-check/project.js'

const size = { types: 200, calls: 1_000 }
const limitSeconds = 5
const runs = 3

const compiler = createRequire(import.meta.url).resolve('typescript/lib/tsc.js')
const modules = fileURLToPath(new URL('node_modules', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'reachkit-type-check-'))

try {
  writeProject(directory, modules, size)
  const seconds = Array.from({ length: runs }, compile).toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN
  const ratio = limitSeconds / seconds
  console.log(`${size.types} message types, ${size.calls} calls: ${seconds.toFixed(2)} s, ratio ${ratio.toFixed(2)}`)
  process.exitCode = ratio >= 1 ? 0 : 1
} finally {
  rmSync(directory, { recursive: true })
}

/** Seconds of one compilation, as the compiler counts them. */
function compile(): number {
  const { stdout, status } = spawnSync(process.execPath, [compiler, '-p', directory, '--extendedDiagnostics'], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The project does not compile:\n${stdout.slice(0, 2_000)}`)
  return Number(/^Total time:\s+([\d.]+)s$/m.exec(stdout)?.[1])
}
