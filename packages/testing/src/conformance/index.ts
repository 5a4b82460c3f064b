export { runCase } from './case.js'
export type { Closeable, ConformanceCase } from './case.js'
export { bookCases, segmentTables } from './book/index.js'
export type { SegmentRow, SegmentTable } from './book/index.js'
export { driverCases } from './driver/index.js'
export type { Counterpart, CounterpartMode, DriverSubject } from './driver/index.js'
export { historyCases } from './history/index.js'
export { ledgerCases } from './ledger/index.js'
export { poolCases } from './pool/index.js'
export { stateCases } from './state/index.js'
export type {
  BookSubject,
  HistorySubject,
  LedgerSubject,
  PoolSubject,
  StateSubject,
  StoreSubject,
  StoreTiming,
  TimedSubject,
} from './subject.js'
export { waitingAdvance } from './waiting-advance.js'
