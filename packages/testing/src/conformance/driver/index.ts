import type { ConformanceCase } from '../case.js'
import { lifecycleCases } from './lifecycle.js'
import { outcomeCases } from './outcomes.js'
import { privacyCases } from './privacy.js'
import { receiptCases } from './receipts.js'
import type { DriverSubject } from './subject.js'

/** Every promise of `ChannelDriver`, a case each, against a counterpart that plays the provider. */
export const driverCases: readonly ConformanceCase<DriverSubject>[] = [
  ...lifecycleCases,
  ...outcomeCases,
  ...privacyCases,
  ...receiptCases,
]
export type { Counterpart, CounterpartMode, DriverSubject } from './subject.js'
