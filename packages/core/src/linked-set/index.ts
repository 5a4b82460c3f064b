export { LinkedSet } from './linked-set.js'
export type { Linked } from './linked-set.js'
