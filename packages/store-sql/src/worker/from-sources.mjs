// How a worker begins where packages run from their sources: tests, examples and benches of this repository. Not published.
const made = process.env['REACHKIT_TEST_SQLITE_WORKER']

// A loader of TypeScript takes a second to start: a run of tests makes one file of the worker instead, once.
if (made === undefined) {
  const { register } = await import('tsx/esm/api')
  register()
  await import('./sqlite-worker.ts')
} else {
  await import(made)
}
