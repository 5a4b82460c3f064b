import type { ConformanceCase } from '../case.js'
import type { LedgerSubject } from '../subject.js'
import { acceptCases } from './accept.js'
import { beginCases } from './begin.js'
import { cancelCases } from './cancel.js'
import { changeCases } from './change.js'
import { claimCases } from './claim.js'
import { cursorCases } from './cursor.js'
import { dedupeCases } from './dedupe.js'
import { dedupeWindowCases } from './dedupe-window.js'
import { firingCases } from './firings.js'
import { lateEvidenceCases } from './late-evidence.js'
import { leaseCases } from './leases.js'
import { readCases } from './reads.js'
import { retentionCases } from './retention.js'
import { runParcelCases } from './run-parcels.js'
import { runRetentionCases } from './run-retention.js'
import { runCases } from './runs.js'
import { settleCases } from './settle.js'
import { sweepCases } from './sweep.js'
import { takeoverCases } from './takeover.js'
import { taskCases } from './tasks.js'

/** Every promise of `Ledger`, a case each. */
export const ledgerCases: readonly ConformanceCase<LedgerSubject>[] = [
  ...acceptCases,
  ...dedupeCases,
  ...dedupeWindowCases,
  ...cursorCases,
  ...claimCases,
  ...takeoverCases,
  ...beginCases,
  ...settleCases,
  ...lateEvidenceCases,
  ...leaseCases,
  ...cancelCases,
  ...changeCases,
  ...readCases,
  ...sweepCases,
  ...retentionCases,
  ...taskCases,
  ...runCases,
  ...firingCases,
  ...runParcelCases,
  ...runRetentionCases,
]
