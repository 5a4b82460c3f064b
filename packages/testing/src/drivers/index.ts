export { faultyDriver } from './faulty-driver.js'
export type { Fault, Faults } from './faulty-driver.js'
export { recordingDriver } from './recording-driver.js'
export type { Outcomes, RecordingDriver, RecordingOptions } from './recording-driver.js'
