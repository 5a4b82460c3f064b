export { createYielder } from './yielder.js'
