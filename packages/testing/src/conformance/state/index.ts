import type { ConformanceCase } from '../case.js'
import type { StateSubject } from '../subject.js'
import { bucketCases } from './buckets.js'
import { budgetCases } from './budgets.js'
import { counterCases } from './counters.js'
import { documentCases } from './documents.js'
import { rememberedCases } from './remembered.js'
import { windowCases } from './windows.js'

/** Every promise of `State`, a case each. */
export const stateCases: readonly ConformanceCase<StateSubject>[] = [
  ...counterCases,
  ...rememberedCases,
  ...bucketCases,
  ...windowCases,
  ...budgetCases,
  ...documentCases,
]
