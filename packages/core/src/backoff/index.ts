export { backoffDelay } from './backoff-delay.js'
