import { build } from 'esbuild'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = ['app/worker.ts', 'app/producer.ts', 'app/planner.ts', 'app/reader.ts', 'sink/sink.ts'] as const

/** The files that the processes of a run are started with. */
export interface Programs {
  readonly worker: string
  readonly producer: string
  readonly planner: string
  readonly reader: string
  readonly sink: string
}

/**
 * Makes JavaScript of them once: a process that comes back should not spend a second on a loader of TypeScript. The
 * packages stay outside, built, as an application has them.
 */
export async function buildPrograms(): Promise<{ readonly programs: Programs; readonly remove: () => void }> {
  const parent = join(root, 'node_modules/.cache')
  await mkdir(parent, { recursive: true })
  const outdir = await mkdtemp(join(parent, 'run-'))
  await build({
    entryPoints: files.map((file) => join(root, file)),
    outdir,
    entryNames: '[name]',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'error',
  })
  const [worker = '', producer = '', planner = '', reader = '', sink = ''] = files.map((file) =>
    join(outdir, basename(file).replace(/\.ts$/, '.mjs')),
  )
  const remove = (): void => rmSync(outdir, { recursive: true, force: true })
  return { programs: { worker, producer, planner, reader, sink }, remove }
}
