// How a worker begins where packages run from their sources: tests, examples and benches of this repository. Not published.
import { register } from 'tsx/esm/api'

register()
await import('./sqlite-worker.ts')
