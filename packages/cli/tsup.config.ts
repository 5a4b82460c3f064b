import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/bin.ts'],
  format: ['esm'],
  target: 'node20',
  tsconfig: '../../tsconfig.build.json',
  clean: true,
})
