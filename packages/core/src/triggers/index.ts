export type { Emitted } from './emit.js'
export { trigger } from './trigger.js'
export type { Trigger, TriggerOptions } from './trigger.js'
