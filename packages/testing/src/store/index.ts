export { lossyPool } from './lossy-pool.js'
export type { LossyOptions } from './lossy-pool.js'
