export { memoryStore } from './store.js'
export type { MemoryOptions } from './store.js'
