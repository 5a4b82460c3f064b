export { TimerHeap } from './timer-heap.js'
export type { TimerEntry } from './timer-heap.js'
export { createWakeUp } from './wake-up.js'
export type { WakeUp } from './wake-up.js'
