export { createYielder } from './yielder.js'
export type { Yielder } from './yielder.js'
