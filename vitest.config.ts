import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const packages = fileURLToPath(new URL('packages', import.meta.url))

/** Suites that send nothing by the pool that their world hands in, or bring lossy ones of their own. */
const withoutPool = [
  'advance.property',
  'compiler-messages',
  'exit',
  'ledger.property',
  'lossy',
  'lossy-scenarios',
  'memory',
  'memory-store',
  'stretches',
  'stretches-reads',
]

export default defineConfig({
  resolve: {
    // Tests run against the sources, so they need no build.
    alias: [
      { find: /^@reachkit\/([^/]+)$/, replacement: `${packages}/$1/src/index.ts` },
      { find: /^@reachkit\/([^/]+)\/(.+)$/, replacement: `${packages}/$1/src/$2/index.ts` },
    ],
  },
  test: {
    // Most suites wait for a server or for a process: on two cores, one file at a time would leave a core idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A hang must end, and a busy machine is no fault: most tests take milliseconds.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: [fileURLToPath(new URL('test/support/assert-closed.ts', import.meta.url))],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          globalSetup: [fileURLToPath(new URL('test/support/servers/global-setup.ts', import.meta.url))],
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/*/test/**/*.test.ts',
            'test/**/*.test.ts',
            'chaos/test/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['packages/*/{src,test}/**/*.test-d.ts'],
            tsconfig: 'tsconfig.types.json',
          },
        },
      },
      {
        // The suites of core from end to end, once more: by a pool that loses 10 % of all pushes and doubles 10 %.
        extends: true,
        test: {
          name: 'lossy',
          include: ['packages/core/test/*.test.ts'],
          exclude: withoutPool.map((name) => `packages/core/test/${name}.test.ts`),
          env: { REACHKIT_TEST_POOL: 'lossy' },
        },
      },
    ],
  },
})
