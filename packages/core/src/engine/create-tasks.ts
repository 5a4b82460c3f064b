import { openAudience } from '../audience/index.js'
import type { DispatchContext } from '../dispatch/dispatch-context.js'
import type { StoreParts } from '../spec/index.js'
import type { TaskContext } from '../tasks/task-context.js'
import type { EngineOptions } from './engine-options.js'
import { tellListener } from './tell-listener.js'

/** What tasks need, of the options and of the engine that runs. */
export function createTasks(
  options: EngineOptions,
  { ledger, state, history }: StoreParts,
  context: DispatchContext,
  hold: () => void,
  release: () => void,
): TaskContext {
  const { clock, logger, recipients, leases, leaseMs, stopping, storeNow, nextId, push } = context
  return {
    options,
    clock,
    logger,
    ledger,
    state,
    history,
    recipients,
    leases,
    leaseMs,
    stopping,
    storeNow,
    nextId,
    push,
    openAudience: (plan, tenant) => openAudience(plan, { tenant, signal: stopping, now: storeNow }),
    preparing: ({ number }) => ({ list: number }),
    hold,
    release,
    tell: ({ number, tenant }, event) => tellListener(options, { kind: 'task', number, tenant, event }),
  }
}
