import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', 'spec/index': 'src/spec/index.ts', 'directory/index': 'src/directory/index.ts' },
  format: ['esm', 'cjs'],
  target: 'node20',
  tsconfig: '../../tsconfig.build.json',
  dts: true,
  clean: true,
  // ESM only: bundled, so that `require('@reachkit/core')` works on every Node 20.
  noExternal: ['p-queue', 'p-retry'],
})
