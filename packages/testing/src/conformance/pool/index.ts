import type { ConformanceCase } from '../case.js'
import type { PoolSubject } from '../subject.js'
import { fairnessCases } from './fairness.js'
import { handingOutCases } from './handing-out.js'
import { poolLeaseCases } from './leases.js'
import { pushCases } from './pushes.js'

/** Every promise of `Pool`, a case each, against a pool that is well: nothing is lost and nothing doubled on the way. */
export const poolCases: readonly ConformanceCase<PoolSubject>[] = [
  ...handingOutCases,
  ...fairnessCases,
  ...poolLeaseCases,
  ...pushCases,
]
