import type { ConformanceCase } from '../case.js'
import type { HistorySubject } from '../subject.js'
import { countCases } from './counts.js'
import { listCases } from './list.js'
import { receivedCases } from './received.js'
import { timelineCases } from './timeline.js'

/** Every promise of `History`, a case each; it is fed through the ledger of the same store. */
export const historyCases: readonly ConformanceCase<HistorySubject>[] = [
  ...listCases,
  ...timelineCases,
  ...countCases,
  ...receivedCases,
]
