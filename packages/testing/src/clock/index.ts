export { virtualClock } from './virtual-clock.js'
export type { VirtualClock } from './virtual-clock.js'
export type { VirtualTime } from './virtual-time.js'
