export { TimerHeap } from './timer-heap.js'
