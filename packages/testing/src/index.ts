export { virtualClock } from './clock/index.js'
export type { VirtualClock, VirtualTime } from './clock/index.js'
export {
  bookCases,
  driverCases,
  historyCases,
  ledgerCases,
  poolCases,
  runCase,
  segmentTables,
  stateCases,
  waitingAdvance,
} from './conformance/index.js'
export type {
  BookSubject,
  Closeable,
  ConformanceCase,
  Counterpart,
  CounterpartMode,
  DriverSubject,
  HistorySubject,
  LedgerSubject,
  PoolSubject,
  SegmentRow,
  SegmentTable,
  StateSubject,
  StoreSubject,
  StoreTiming,
  TimedSubject,
} from './conformance/index.js'
export {
  crashPoints,
  crashingChannel,
  crashingDriver,
  crashingGate,
  crashingOutbox,
  crashingPool,
  crashingStore,
} from './crash/index.js'
export type { CrashOptions, CrashPart, CrashPoint, CrashPointInfo } from './crash/index.js'
export { faultyDriver, recordingDriver } from './drivers/index.js'
export type { Fault, Faults, Outcomes, RecordingDriver, RecordingOptions } from './drivers/index.js'
export { seededRandom } from './random/index.js'
export { lossyPool } from './store/index.js'
export type { LossyOptions } from './store/index.js'
export { testReach } from './reach/index.js'
export type { SentExpectation, SentMessage, TestReach, TestReachOptions, TestTransaction } from './reach/index.js'
export { chiSquarePValue, seededDraw } from './statistics/index.js'
export { startHttpVendor, vendorSubject } from './vendor/index.js'
export type {
  HttpVendor,
  HttpVendorOptions,
  VendorAnswer,
  VendorAnswers,
  VendorRequest,
  VendorSubjectOptions,
  WrittenMode,
} from './vendor/index.js'
