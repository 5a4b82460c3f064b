import type {
  Ledger,
  MessageRecord,
  MessageStatus,
  RunBegin,
  RunParcel,
  RunRecord,
  TaskPage,
} from '@reachkit/core/spec'
import { messageId } from '@reachkit/core/spec'
import { claims, records } from './ledger-faults.js'
import type { Faults } from './ledger-faults.js'
import { replaced, without } from './mutants.js'

/** Faults of tasks, runs and their parcels, with the case that has to see each. */
const mutants: (readonly [killedBy: string, fault: string, faults: Faults])[] = []
function mutant(killedBy: string, fault: string, faults: Faults): void {
  mutants.push([killedBy, fault, faults])
}

const everyTask = { limit: 1_000 } as const
const taskPages =
  (change: (which: TaskPage) => TaskPage): Faults =>
  (real) => ({ tasks: async (which) => real.tasks('limit' in which ? change(which) : which) })
mutant('tasks: those asked for that are there', 'always all', (real) => ({
  tasks: async () => real.tasks(everyTask),
}))
mutant('tasks: those asked for that are there', 'each as often as it is asked for', (real) => ({
  tasks: async (which) =>
    'limit' in which ? real.tasks(which) : (await Promise.all(which.map(async (id) => real.tasks([id])))).flat(),
}))
const taskPaging = 'tasks: a page by id, of one tenant or of all'
mutant(
  taskPaging,
  'of all tenants',
  taskPages((which) => without(which, 'tenant')),
)
mutant(
  taskPaging,
  'from the first one on',
  taskPages((which) => without(which, 'after')),
)
mutant(
  taskPaging,
  'ignores the limit',
  taskPages((which) => ({ ...which, limit: 1_000 })),
)
mutant(taskPaging, 'cuts, then looks for the tenant', (real) => ({
  async tasks(which) {
    if (!('limit' in which)) return real.tasks(which)
    const { tenant, ...rest } = which
    return (await real.tasks(rest)).filter((task) => tenant === undefined || task.tenant === tenant)
  },
}))
mutant(taskPaging, 'in the order in which they were written', (real) => {
  const order: string[] = []
  return {
    async saveTask(task, expected) {
      order.push(task.id)
      return real.saveTask(task, expected)
    },
    async tasks(which) {
      const found = await real.tasks(which)
      return found.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
    },
  }
})

/** Changes what is begun in a firing. */
const begun =
  (change: (begin: RunBegin) => RunBegin): Faults =>
  (real) => ({ beginRun: async (begin) => real.beginRun(change(begin)) })
const foundRuns =
  (change: (run: RunRecord) => RunRecord): Faults =>
  (real) => ({
    run: async (id) => {
      const run = await real.run(id)
      return run && change(run)
    },
  })
/** Which runs of a firing are there. */
async function knownOf(real: Ledger, { task }: RunBegin): Promise<(run: { readonly key: string }) => boolean> {
  const keys = new Set((await real.runs(task, { limit: 100 })).map(({ key }) => key))
  return ({ key }) => keys.has(key)
}
const exists = { status: 'exists', envelopes: [] } as const
const several = 'beginRun: begins several runs in one firing'
mutant(
  several,
  'the first one alone',
  begun((begin) => ({ ...begin, runs: begin.runs.slice(0, 1) })),
)
mutant(
  several,
  'all of them are due at its instant',
  begun((begin) => ({ ...begin, runs: begin.runs.map((run) => ({ ...run, due: begin.instant })) })),
)
mutant(
  several,
  'forgets the part',
  foundRuns((run) => ({ ...run, part: '' })),
)
const passed = 'beginRun: passes over the runs that are there'
mutant(passed, 'passes over all where one is there', (real) => ({
  beginRun: async (begin) => (begin.runs.some(await knownOf(real, begin)) ? exists : real.beginRun(begin)),
}))
mutant(passed, 'begins them again', (real) => ({
  async beginRun(begin) {
    const isKnown = await knownOf(real, begin)
    if (begin.runs.every(isKnown)) return real.beginRun(begin)
    const runs = begin.runs.map((run) => (isKnown(run) ? { ...run, key: `${run.key} again` } : run))
    return real.beginRun({ ...begin, runs })
  },
}))
const oneKey = 'beginRun: a key is one for every instant and revision'
mutant(
  oneKey,
  'of every revision one',
  begun((begin) => ({ ...begin, runs: begin.runs.map((run) => ({ ...run, key: run.key + begin.revision })) })),
)
mutant(oneKey, 'for all tasks', (real) => {
  const keys = new Set<string>()
  return {
    async beginRun(begin) {
      const isKnown = begin.runs.every(({ key }) => keys.has(key))
      for (const { key } of begin.runs) keys.add(key)
      return isKnown ? exists : real.beginRun(begin)
    },
  }
})
mutant('beginRun: the next firing follows one whose runs are all there', 'nothing is changed', (real) => ({
  beginRun: async (begin) => (begin.runs.every(await knownOf(real, begin)) ? exists : real.beginRun(begin)),
}))
mutant('beginRun: a firing that is late does not move the next one back', 'it does', (real) => ({
  async beginRun(begin) {
    const [task] = await real.tasks([begin.task])
    const answer = await real.beginRun(begin)
    const late = answer.status === 'begun' && task !== undefined && task.next !== begin.instant
    if (late && begin.next !== undefined) await real.saveTask({ ...task, next: begin.next }, task.revision)
    return answer
  },
}))

const standing = 'parcels: where each message of a run stands'
const runParcels =
  (change: (parcel: RunParcel) => RunParcel): Faults =>
  (real) => ({ parcels: async (run, page) => (await real.parcels(run, page)).map(change) })
const statuses = (change: (status: MessageStatus | undefined) => MessageStatus | undefined): Faults =>
  runParcels(({ id, statuses: all }) => ({ id, statuses: all.map(change) }))
for (const lost of ['sending', 'held', 'waiting', 'partly-sent', 'unresolved'] as const) {
  mutant(
    standing,
    `${lost} is told as sent`,
    statuses((status) => (status === lost ? 'sent' : status)),
  )
}
mutant(
  standing,
  'a duplicate is told as merged',
  statuses((status) => status ?? 'merged'),
)
mutant(
  standing,
  'duplicates are left out',
  runParcels(({ id, statuses: all }) => ({ id, statuses: all.filter((status) => status !== undefined) })),
)
const parcelPaging = 'parcels: of one run, by id, page by page'
mutant(parcelPaging, 'ignores the limit', (real) => ({
  parcels: async (run, page) => real.parcels(run, { ...page, limit: 1_000 }),
}))
mutant(parcelPaging, 'from the first one on', (real) => ({
  parcels: async (run, { limit }) => real.parcels(run, { limit }),
}))
mutant(parcelPaging, 'in the order of acceptance', (real) => {
  const order: string[] = []
  return {
    async accept(all) {
      for (const { id } of all) order.push(id)
      return real.accept(all)
    },
    async parcels(run, { after, limit }) {
      const all = await real.parcels(run, { limit: 1_000 })
      const sorted = all.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
      return sorted.slice(sorted.findIndex(({ id }) => id === after) + 1).slice(0, limit)
    },
  }
})
mutant(parcelPaging, 'of two runs', (real) => ({
  async parcels(run, page) {
    const others = await real.parcels(run === 'two' ? 'one' : 'two', page)
    return [...(await real.parcels(run, page)), ...others].slice(0, page.limit)
  },
}))

const newest = 'runs: of one task, the newest firing first'
mutant(newest, 'the oldest first', (real) => ({
  runs: async (task, which) => (await real.runs(task, { ...which, limit: 1_000 })).toReversed().slice(0, which.limit),
}))
mutant(newest, 'ignores the limit', (real) => ({
  runs: async (task, which) => real.runs(task, { ...which, limit: 1_000 }),
}))
mutant(newest, 'of every task', (real) => ({
  async runs(_, which) {
    const tasks = await real.tasks(everyTask)
    const found = await Promise.all(tasks.map(async ({ id }) => real.runs(id, which)))
    return found.flat().toSorted((a, b) => b.instant - a.instant)
  },
}))
const open = 'runs: open ones are those that are not done'
mutant(open, 'all of them', (real) => ({ runs: async (task, { limit }) => real.runs(task, { limit }) }))
mutant(open, 'the others are never told', (real) => ({
  runs: async (task, { limit }) => real.runs(task, { open: true, limit }),
}))

const ofRun = 'cursor: the messages of a page are of the run'
mutant(
  ofRun,
  'not as they are read',
  records((record) => ({ ...record, run: undefined })),
)
mutant(
  ofRun,
  'not as they are claimed',
  claims((claim) => {
    if (claim.status !== 'claimed') return claim
    return { ...claim, messages: claim.messages.map((message) => replaced(message, { run: undefined })) }
  }),
)
mutant(ofRun, 'all others are too', (real) => {
  let last: string | undefined
  return {
    async accept(all) {
      for (const { cursor } of all) last = cursor?.run ?? last
      return real.accept(all)
    },
    get: async (ids) => (await real.get(ids)).map((record) => record && { ...record, run: last }),
  }
})

mutant('retention: the parcels of a run that is not done stay', 'they go', (real, { timing }) => ({
  async get(ids) {
    const now = await real.now()
    const over = (record: MessageRecord): boolean => now - record.acceptedAt > timing.retentionMs
    return (await real.get(ids)).map((record) => (record?.run !== undefined && over(record) ? undefined : record))
  },
}))
mutant('retention: and go once it is', 'they stay', (real) => {
  const kept = new Map<string, MessageRecord>()
  return {
    get: async (ids) => ids.map((id) => kept.get(id)),
    async settle(all) {
      const answers = await real.settle(all)
      for (const { parcel } of all) {
        const [record] = await real.get([messageId(parcel, 0)])
        if (record?.run !== undefined) kept.set(record.id, record)
      }
      return answers
    },
  }
})

export const runMutants: typeof mutants = mutants
