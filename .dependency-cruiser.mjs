// Who may import whom. Tests may import anything; a rule about sources therefore leaves them out.
const tests = '\\.test(-d)?\\.ts$|^packages/[^/]+/test/'
const applications = '^(examples|bench|chaos|test)/'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Modules that need each other, even for types only, cannot be read one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere also hides from every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'spec-stands-alone',
      comment: 'The contracts are what drivers and stores build on: they import nothing else of core.',
      severity: 'error',
      from: { path: '^packages/core/src/spec/', pathNot: tests },
      to: { path: '^packages/', pathNot: '^packages/core/src/spec/' },
    },
    {
      name: 'drivers-see-only-spec',
      comment:
        'A driver or store imports only `@reachkit/core/spec`, so that core can change beneath it; a driver also what all drivers share, and adapters of directories `@reachkit/core/directory`.',
      severity: 'error',
      from: { path: '^packages/(?:driver-kit|(?:channel|store|directory)-[^/]+)/', pathNot: tests },
      to: { path: '^packages/(?:core|testing)/', pathNot: '^packages/core/src/(?:spec|directory)/index\\.ts$' },
    },
    {
      name: 'kit-is-for-drivers',
      comment: 'What drivers share is no part of core, and stores have no use for it. A directory behind HTTP has.',
      severity: 'error',
      from: { path: '^packages/(?:core|testing|store-[^/]+)/', pathNot: tests },
      to: { path: '^packages/driver-kit/' },
    },
    {
      name: 'drivers-are-chosen-by-applications',
      comment: 'Only an application, an example, a bench or a test imports a driver or store package.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/', pathNot: tests },
      to: { path: '^packages/(?:channel|store|directory)-', pathNot: '^packages/$1/' },
    },
    {
      name: 'through-the-front-door',
      comment: 'Other packages are imported by name, never by a path into their folder.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/[^/]+/src/', pathNot: '^packages/$1/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'applications-use-names',
      comment: 'Examples, benches and root tests use packages as an application does.',
      severity: 'error',
      from: { path: applications },
      to: { path: '^packages/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'load-when-used',
      comment:
        'Liquid, cron, CSV, the breaker and the progress bar are loaded by `await import()` when first used: core must start fast.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: tests },
      to: {
        path: 'node_modules/(?:liquidjs|cron-parser|csv-parse|cockatiel|cli-progress|signal-exit)/',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/[^/]+/dist/|^bench/peers/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
