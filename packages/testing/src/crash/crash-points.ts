/** The part of an application that a crash point belongs to, and whose wrapper obeys it. */
export type CrashPart = 'store' | 'pool' | 'gate' | 'driver' | 'outbox'

const points = {
  'before-accept': ['store', 'Messages are about to be stored: nobody has them but the caller.'],
  'after-accept': ['store', 'They are stored, and the caller was not told.'],
  'before-push': ['pool', 'They are stored, and the pool does not know of them.'],
  'after-push': ['pool', 'The pool knows of them.'],
  'before-claim': ['store', 'A worker got envelopes from the pool and has no lease of them.'],
  'after-claim': ['store', 'It has the lease, and nothing was begun.'],
  'before-take': ['gate', 'A consuming gate is about to use something up for a slice.'],
  'after-take': ['gate', 'It is used up, and the slice was not begun.'],
  'before-begin': ['store', 'A slice is about to be marked as being sent; what the one before became is not stored.'],
  'after-begin': ['store', 'It is marked as being sent, and no attempt was made.'],
  'before-first-byte': ['driver', 'The attempt is about to be made: nothing has left the process.'],
  'after-first-byte': ['driver', 'The first byte of the request body is out, and the second is not.'],
  'before-answer': ['driver', 'The vendor has answered, and the driver has not seen the answer.'],
  'after-answer': ['driver', 'The driver knows the outcome, and Reachkit does not.'],
  'before-settle': ['store', 'Outcomes are about to be stored, by themselves or with the next slice.'],
  'after-settle': ['store', 'They are stored.'],
  'before-ack': ['pool', 'Nothing of the envelope is left to do, and the pool does not know.'],
  'after-ack': ['pool', 'The pool knows.'],
  'before-relay-delete': ['outbox', 'Committed rows were accepted by the ledger and are still in the outbox.'],
  'after-relay-delete': ['outbox', 'They are out of the outbox.'],
  'before-task': ['store', 'A task is about to be written: as it is created, or moved.'],
  'after-task': ['store', 'It is written with the entry of its next firing, and nobody was told.'],
  'before-run': ['store', 'A firing of a task is about to begin its run.'],
  'after-run': ['store', 'The run is stored with its first page and the next firing.'],
  'before-cursor': ['store', 'A page of a run is about to be stored together with its cursor.'],
  'after-cursor': ['store', 'The page is stored and the cursor stands behind it.'],
} as const

/** A named step of a message's way, at which a process can be made to end. */
export type CrashPoint = keyof typeof points

/** A crash point as data. */
export interface CrashPointInfo {
  readonly name: CrashPoint
  readonly part: CrashPart
  /** How things stand when the process ends there. */
  readonly meaning: string
}

const known: Readonly<Record<CrashPoint, readonly [CrashPart, string]>> = points

/** Every crash point, in the order in which a message meets them. */
export const crashPoints: readonly CrashPointInfo[] = (Object.keys(points) as CrashPoint[]).map((name) => {
  const [part, meaning] = known[name]
  return { name, part, meaning }
})
