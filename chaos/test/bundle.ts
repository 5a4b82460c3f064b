import { build } from 'esbuild'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Programs } from '../matrix/play.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Clients are found where the stores have them.
const folders = ['packages/store-sql', 'packages/store-redis']
const clients = /^(?:libsql|pg|mysql2|ioredis|bullmq)(?:\/.*)?$/

/**
 * Victim and survivor from the sources, as one file each: more than a hundred processes are started, and a loader of
 * TypeScript would cost each of them more than a second.
 */
export async function bundlePrograms(): Promise<{ readonly programs: Programs; readonly remove: () => Promise<void> }> {
  const parent = join(root, 'chaos/node_modules/.cache')
  await mkdir(parent, { recursive: true })
  const outdir = await mkdtemp(join(parent, 'matrix-'))
  await writeFile(join(outdir, 'package.json'), '{ "type": "module" }')
  await build({
    entryPoints: [
      join(root, 'chaos/matrix/victim.ts'),
      join(root, 'chaos/matrix/survivor.ts'),
      join(root, 'packages/store-sql/src/worker/sqlite-worker.ts'),
    ],
    outdir,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    tsconfig: join(root, 'tsconfig.json'),
    banner: {
      js: "import { createRequire as _createRequire } from 'node:module'; const require = _createRequire(import.meta.url);",
    },
    plugins: [
      {
        name: 'clients of stores',
        setup: (builder) =>
          builder.onResolve({ filter: clients }, ({ path }) => ({ path: installed(path), external: true })),
      },
    ],
    logLevel: 'error',
  })
  const programs = { victim: join(outdir, 'victim.js'), survivor: join(outdir, 'survivor.js') }
  return { programs, remove: async () => rm(outdir, { recursive: true, force: true }) }
}

function installed(name: string): string {
  for (const folder of folders) {
    try {
      return createRequire(join(root, folder, 'package.json')).resolve(name)
    } catch {
      // Perhaps the other one has it.
    }
  }
  throw new Error(`${name} is not installed`)
}
