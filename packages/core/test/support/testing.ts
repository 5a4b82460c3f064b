export { lossyPool, seededRandom, virtualClock } from '@reachkit/testing'
export type { VirtualClock } from '@reachkit/testing'
