import { openAudience } from '../audience/index.js'
import type { PlanContext } from '../audience/index.js'
import type { People } from '../directory/people.js'
import type { DispatchContext } from '../dispatch/dispatch-context.js'
import { judgeSegment, segmentFacts } from '../segment/index.js'
import { ReachError } from '../spec/index.js'
import type { StoreParts } from '../spec/index.js'
import type { TaskContext } from '../tasks/task-context.js'
import type { EngineOptions } from './engine-options.js'
import { tellListener } from './tell-listener.js'

/** What tasks need, of the options and of the engine that runs. */
export function createTasks(
  options: EngineOptions,
  { ledger, state, history, book }: StoreParts,
  context: DispatchContext,
  people: People,
  hold: () => void,
  release: () => void,
): TaskContext {
  const { clock, logger, recipients, leases, leaseMs, stopping, storeNow, nextId, push } = context
  const planning = (tenant: string): PlanContext => ({
    tenant,
    signal: stopping,
    now: storeNow,
    book,
    audiences: options.audiences,
    judge: (segment, profiles, now) =>
      judgeSegment(segment, profiles, segmentFacts(tenant, now, book ?? noBook, history)),
  })
  return {
    options,
    clock,
    logger,
    ledger,
    state,
    history,
    book,
    people,
    recipients,
    leases,
    leaseMs,
    stopping,
    storeNow,
    nextId,
    push,
    openAudience: (plan, tenant) => openAudience(plan, planning(tenant)),
    preparing: ({ number, tenant }) => {
      let lists = 0
      const { channels } = options
      return { ...planning(tenant), channels, newList: () => `${number}.${nextId()}.${(lists += 1)}` }
    },
    hold,
    release,
    tell: ({ number, tenant }, event) => tellListener(options, { kind: 'task', number, tenant, event }),
  }
}

/** Asked only by a named audience that judges by itself: a segment needs a book. */
const noBook = {
  events: (): never => {
    throw new ReachError('REACH_BOOK_MISSING', 'the store has no recipient book, which keeps events')
  },
}
