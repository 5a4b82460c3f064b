import { defineConfig } from 'tsup'

export default defineConfig({
  // The worker thread of the SQLite store is a file of its own, beside the one that starts it.
  entry: { index: 'src/index.ts', 'sqlite-worker': 'src/worker/sqlite-worker.ts' },
  format: ['esm', 'cjs'],
  target: 'node20',
  tsconfig: '../../tsconfig.build.json',
  dts: { entry: { index: 'src/index.ts' } },
  // `import.meta.url` in CommonJS.
  shims: true,
  clean: true,
})
