import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.js'

const packages = fileURLToPath(new URL('packages', import.meta.url))

/**
 * Suites that send nothing by the pool that their world hands in, bring lossy ones of their own, or say to the second when
 * something is sent: what a pool has lost is found by the sweep, which comes later.
 */
const withoutPool = [
  'advance.property',
  'compiler-messages',
  'digest-crashes',
  'digests',
  'exit',
  'ledger.property',
  'lossy',
  'lossy-scenarios',
  'memory',
  'memory-store',
  'stretches',
  'stretches-reads',
  'task-year',
  'task-zones',
]

function suiteOfCore(name: string): string {
  return `packages/core/test/${name}.test.ts`
}

/** The suites of core from end to end, once more: by a pool that loses 10 % of all pushes and doubles 10 %. */
const lossy = { include: [suiteOfCore('*')], env: { REACHKIT_TEST_POOL: 'lossy' } }

const apartOfCore = ['exit', 'memory', 'operators', 'spool-processes', 'takeover*'].map(suiteOfCore)

/**
 * Suites that measure their process, replace its modules or environment, start programs, or play processes that die: each
 * has a worker of its own. All others share workers, which load the sources once.
 */
const apart = [
  'chaos/test/**/*.test.ts',
  'test/**/*.test.ts',
  'packages/core/src/template/liquid-engine.test.ts',
  ...apartOfCore,
  'packages/store-sql/test/{database-worker,server-restart}.test.ts',
  'packages/testing/test/{crash,memory}.test.ts',
]

const servers = fileURLToPath(new URL('test/support/servers/global-setup.ts', import.meta.url))

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
    sequence: { sequencer: LongestFirst },
    setupFiles: [fileURLToPath(new URL('test/support/assert-closed.ts', import.meta.url))],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    projects: [
      {
        extends: true,
        test: { name: 'apart', globalSetup: [servers], include: apart },
      },
      {
        extends: true,
        test: {
          name: 'together',
          isolate: false,
          globalSetup: [servers],
          include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
          exclude: apart,
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
        extends: true,
        test: { name: 'lossy', isolate: false, ...lossy, exclude: [...withoutPool.map(suiteOfCore), ...apart] },
      },
      {
        extends: true,
        test: { name: 'lossy-apart', ...lossy, include: apartOfCore, exclude: withoutPool.map(suiteOfCore) },
      },
    ],
  },
})
