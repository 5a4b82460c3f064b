import type { ConformanceCase } from '../case.js'
import type { BookSubject } from '../subject.js'
import { eventCases } from './events.js'
import { generatedCases } from './generated.js'
import { listCases } from './lists.js'
import { pageCases } from './pages.js'
import { receivedSegmentCases } from './received.js'
import { segmentCases } from './segments/index.js'
import { upsertCases } from './upsert.js'

/** Every promise of `Book`, a case each, and what segments hold for. */
export const bookCases: readonly ConformanceCase<BookSubject>[] = [
  ...upsertCases,
  ...pageCases,
  ...segmentCases,
  ...eventCases,
  ...receivedSegmentCases,
  ...generatedCases,
  ...listCases,
]
export { segmentTables } from './segments/index.js'
export type { SegmentRow, SegmentTable } from './segments/table.js'
