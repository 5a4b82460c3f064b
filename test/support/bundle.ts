import { build } from 'esbuild'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Clients are found where the stores have them.
const folders = ['packages/store-sql', 'packages/store-redis']
const clients = /^(?:libsql|pg|mysql2|ioredis|bullmq)(?:\/.*)?$/

export interface Bundle {
  /** Where a program named by its file, such as `worker`, is. */
  readonly path: (name: string) => string
  readonly remove: () => Promise<void>
}

/**
 * Programs made from the sources, as one file each: those that are started again and again would spend more than a second
 * each time on a loader of TypeScript. The worker thread of SQLite is beside them.
 */
export async function bundle(programs: readonly string[]): Promise<Bundle> {
  const parent = join(root, 'node_modules/.cache')
  await mkdir(parent, { recursive: true })
  const outdir = await mkdtemp(join(parent, 'programs-'))
  await writeFile(join(outdir, 'package.json'), '{ "type": "module" }')
  await build({
    entryPoints: [...programs, 'packages/store-sql/src/worker/sqlite-worker.ts'].map((path) => join(root, path)),
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
  return {
    path: (name) => join(outdir, `${name}.js`),
    remove: async () => rm(outdir, { recursive: true, force: true }),
  }
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
