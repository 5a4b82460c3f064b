export { createSplitter } from './splitter.js'
export type { Splitter } from './splitter.js'
export { createStickySplitter } from './sticky-splitter.js'
export type { StickySplitter } from './sticky-splitter.js'
