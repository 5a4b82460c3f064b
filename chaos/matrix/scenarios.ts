import { crashPoints } from '@reachkit/testing'
import type { CrashPoint } from '@reachkit/testing'

/** What the victim does until it dies. */
type Way = 'send' | 'relay' | 'run'

export interface Scenario {
  readonly name: string
  readonly at: CrashPoint
  readonly nth: number
  readonly way: Way
  /** A budget that lets exactly the audience through is asked before each slice. */
  readonly gated: boolean
  /** One that takes over from the victim, and dies itself at this point. */
  readonly heir?: Pick<Scenario, 'at' | 'nth'>
  /** What the takeover ends with: all others are sent. */
  readonly held: number
}

/** Six messages in one envelope, in slices of two. */
export const audience = 6

/** Where a point belongs to more than the first slice, the second one is met: what was before it must stay as it is. */
const met: Readonly<Partial<Record<CrashPoint, Partial<Omit<Scenario, 'name' | 'at'>>>>> = {
  'before-take': { nth: 2, gated: true },
  'after-take': { nth: 2, gated: true },
  // The first slice went out, and its results were to travel with the second one's begin.
  'before-begin': { nth: 2, held: 2 },
  'after-begin': { nth: 2, held: 2 },
  'before-first-byte': { nth: 3, held: 2 },
  'after-first-byte': { nth: 3, held: 2 },
  'before-answer': { nth: 3, held: 2 },
  'after-answer': { nth: 3, held: 2 },
  // The third one is the last slice's own, that no begin takes along.
  'before-settle': { nth: 3, held: 2 },
  'after-settle': { nth: 3 },
  'before-relay-delete': { way: 'relay' },
  'after-relay-delete': { way: 'relay' },
  'before-task': { way: 'run' },
  'after-task': { way: 'run' },
  'before-run': { way: 'run' },
  'after-run': { way: 'run' },
  'before-cursor': { nth: 2, way: 'run' },
  'after-cursor': { nth: 2, way: 'run' },
}

/** The audience of a run is three pages; what it is ended by is one move of the cursor more, behind the last move of its task. */
const closing = 4
const run = { nth: 1, way: 'run', gated: false, held: 0 } as const
const ofRuns: readonly Scenario[] = [
  { ...run, name: 'before the first page', at: 'before-cursor' },
  { ...run, name: 'after the first page', at: 'after-cursor' },
  { ...run, name: 'before the last page', at: 'before-cursor', nth: closing - 1 },
  { ...run, name: 'after the last page', at: 'after-cursor', nth: closing - 1 },
  { ...run, name: 'before the last move of the task', at: 'before-task', nth: 2 },
  { ...run, name: 'after the last move of the task', at: 'after-task', nth: 2 },
  { ...run, name: 'before the end of the run', at: 'before-cursor', nth: closing },
  { ...run, name: 'after the end of the run', at: 'after-cursor', nth: closing },
  {
    ...run,
    name: 'after-run, and the heir before its first page',
    at: 'after-run',
    heir: { at: 'before-cursor', nth: 1 },
  },
  {
    ...run,
    name: 'before the second page, and the heir after it',
    at: 'before-cursor',
    nth: 2,
    heir: { at: 'after-cursor', nth: 1 },
  },
]

const claimed = { at: 'after-claim', nth: 1 } as const
const usual = { nth: 1, way: 'send', gated: false, held: 0 } as const

/** Every crash point, and what a budget makes of those where a reservation has to be resolved. */
export const scenarios: readonly Scenario[] = [
  ...crashPoints.map(({ name }) => ({ ...usual, ...met[name], name, at: name })),
  ...ofRuns,
  { ...usual, name: 'after-begin, with a budget', at: 'after-begin', nth: 2, gated: true, held: 2 },
  { ...usual, name: 'before-settle, with a budget', at: 'before-settle', nth: 2, gated: true, held: 2 },
  { ...usual, name: 'after-settle, with a budget', at: 'after-settle', nth: 2, gated: true },
  { ...usual, name: 'after the last settle, with a budget', at: 'after-settle', nth: 3, gated: true },
  { ...usual, name: 'after-take, and the heir after-claim', at: 'after-take', nth: 2, gated: true, heir: claimed },
  {
    ...usual,
    name: 'after-begin, and the heir after-claim',
    at: 'after-begin',
    nth: 2,
    gated: true,
    held: 2,
    heir: claimed,
  },
]
