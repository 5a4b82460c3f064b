export { testReach } from './test-reach.js'
export type { TestReach, TestReachOptions } from './test-reach.js'
export type { SentMessage } from './record-channels.js'
export type { SentExpectation } from './sent-expectation.js'
