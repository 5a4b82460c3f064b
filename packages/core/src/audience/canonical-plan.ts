import { sorted } from '../json/index.js'
import type { AudiencePlan } from './plan.js'

/**
 * The text of a plan that approval pins: equal for plans that select by the same rule. Of a file it has size and hash,
 * and not when it was last touched; of a list its name, whose content never changes. What a segment or a named audience
 * selects may change behind it.
 */
export function canonicalPlan(plan: AudiencePlan): string {
  return JSON.stringify(sorted(pinned(plan)))
}

function pinned(plan: AudiencePlan): object {
  switch (plan.kind) {
    case 'csv':
    case 'ndjson':
      return { ...plan, stamp: { size: plan.stamp.size, sha256: plan.stamp.sha256 } }
    case 'union':
    case 'intersection':
      return { ...plan, of: plan.of.map(pinned) }
    case 'difference':
      return { ...plan, of: pinned(plan.of), without: pinned(plan.without) }
    case 'sample':
      return { ...plan, of: pinned(plan.of) }
    case 'ids':
    case 'recipients':
    case 'list':
    case 'segment':
    case 'named':
      return plan
  }
}
