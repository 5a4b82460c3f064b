export { virtualClock } from '../../../testing/src/clock/index.js'
export type { VirtualClock } from '../../../testing/src/clock/index.js'
export { seededRandom } from '../../../testing/src/random/index.js'
export { lossyPool } from '../../../testing/src/store/index.js'
