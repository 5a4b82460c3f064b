export { createSplitter } from './splitter.js'
export type { Splitter } from './splitter.js'
export { stickyUnit } from './sticky-unit.js'
