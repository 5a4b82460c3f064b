import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const packages = fileURLToPath(new URL('packages', import.meta.url))

export default defineConfig({
  resolve: {
    // Tests run against the sources, so they need no build.
    alias: [
      { find: /^@reachkit\/([^/]+)$/, replacement: `${packages}/$1/src/index.ts` },
      { find: /^@reachkit\/([^/]+)\/(.+)$/, replacement: `${packages}/$1/src/$2/index.ts` },
    ],
  },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    typecheck: {
      enabled: true,
      include: ['packages/*/{src,test}/**/*.test-d.ts'],
      tsconfig: 'tsconfig.types.json',
    },
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
})
