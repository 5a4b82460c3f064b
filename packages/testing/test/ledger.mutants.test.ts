import { describe } from 'vitest'
import type {
  Acceptance,
  BeginRequest,
  Claim,
  ClaimedMessage,
  DeadLease,
  Ledger,
  MessageRecord,
  NewParcel,
  PendingEntry,
  RunRecord,
  SettleResult,
  Settlement,
} from '@reachkit/core/spec'
import { deadLeaseLimit, messageId } from '@reachkit/core/spec'
import { ledgerCases } from '../src/conformance/index.js'
import type { LedgerSubject } from '../src/conformance/index.js'
import { claims, records } from './ledger-faults.js'
import type { Faults } from './ledger-faults.js'
import { memorySubject } from './memory-subject.js'
import { replaced, testMutants, together, without } from './mutants.js'
import type { Mutant } from './mutants.js'
import { runMutants } from './run-mutants.js'

const mutants: Mutant<LedgerSubject>[] = []
function mutant(killedBy: string, fault: string, faults: Faults): void {
  const breaks = (subject: LedgerSubject): LedgerSubject => {
    return { ...subject, ledger: replaced(subject.ledger, faults(subject.ledger, subject)) }
  }
  mutants.push({ killedBy, fault, breaks })
}

/** Changes parcels on their way in. */
const parcels =
  (change: (parcel: NewParcel) => NewParcel): Faults =>
  (real) => ({ accept: async (all) => real.accept(all.map(change)) })
/** Changes what accept answers. */
const acceptances =
  (change: (answer: Acceptance, parcel: NewParcel) => Acceptance): Faults =>
  (real) => ({
    accept: async (all) => (await real.accept(all)).map((answer, index) => change(answer, all[index] as NewParcel)),
  })
/** Changes which dead leases a claim tells of. */
const toldLeases = (change: (before: readonly DeadLease[]) => readonly DeadLease[]): Faults =>
  claims((claim) => (claim.status === 'claimed' ? { ...claim, before: change(claim.before) } : claim))
const granted = (entry: string): Claim => ({
  status: 'claimed',
  entry,
  token: 'x',
  takeovers: 0,
  before: [],
  messages: [],
})
const settlements =
  (change: (settlement: Settlement, real: Ledger) => Settlement | Promise<Settlement>): Faults =>
  (real) => ({ settle: async (all) => real.settle(await Promise.all(all.map(async (one) => change(one, real)))) })
const pendings =
  (change: (entries: readonly PendingEntry[]) => readonly PendingEntry[]): Faults =>
  (real) => ({ pending: async (filter, limit) => change(await real.pending(filter, limit)) })
/** Begins what it should not: each message of the request that the predicate names. */
const begins =
  (wrongly: (record: MessageRecord, request: BeginRequest, index: number, now: number) => boolean): Faults =>
  (real) => ({
    begin: async (requests) => {
      const now = await real.now()
      const wrong = await Promise.all(
        requests.map(async (request) => {
          const found = await real.get(request.positions.map((position) => messageId(request.parcel, position)))
          return request.positions.filter((_, index) => {
            const record = found[index]
            return record !== undefined && wrongly(record, request, index, now)
          })
        }),
      )
      const answers = await real.begin(requests)
      return answers.map((answer, index) => {
        const begun = [...new Set([...answer.begun, ...(answer.lease === 'held' ? (wrong[index] ?? []) : [])])]
        return { ...answer, begun: begun.toSorted((a, b) => a - b) }
      })
    },
  })
/** A race in one method. */
function racing(method: 'accept' | 'claim' | 'begin' | 'change' | 'sweep' | 'saveTask' | 'beginRun'): Faults {
  return (real) => ({ [method]: together(async (...values: never[]) => Reflect.apply(real[method], real, values)) })
}
/** Knows the living token of each entry, so that a fault can tell who is late. */
function lateSettle(change: (settlement: Settlement, current: string, real: Ledger) => Promise<Settlement>): Faults {
  return (real) => {
    const current = new Map<string, string>()
    const of = async (one: Settlement): Promise<Settlement> => {
      const token = current.get(one.entry)
      return token === undefined || token === one.token ? one : change(one, token, real)
    }
    return {
      claim: async (request) => {
        const answers = await real.claim(request)
        for (const claim of answers) if (claim.status === 'claimed') current.set(claim.entry, claim.token)
        return answers
      },
      settle: async (all) => real.settle(await Promise.all(all.map(of))),
    }
  }
}
async function recordOf(real: Ledger, parcel: string, { position }: SettleResult): Promise<MessageRecord | undefined> {
  return (await real.get([messageId(parcel, position)]))[0]
}
async function keep(
  real: Ledger,
  one: Settlement,
  wanted: (record: MessageRecord | undefined) => boolean,
): Promise<Settlement> {
  const results: SettleResult[] = []
  for (const result of one.results) if (wanted(await recordOf(real, one.parcel, result))) results.push(result)
  return { ...one, results }
}
/** Overwrites what is done, as a ledger would that does not look. */
async function overwrite(
  real: Ledger,
  one: Settlement,
  wanted: (record: MessageRecord) => boolean,
): Promise<Settlement> {
  for (const result of one.results) {
    const record = await recordOf(real, one.parcel, result)
    if (record?.state !== 'done' || !wanted(record)) continue
    await real.change([{ id: record.id, step: record.step, from: ['done'], to: result.to, events: [] }])
  }
  return one
}
const strip = (parcel: NewParcel): NewParcel => ({
  ...parcel,
  messages: parcel.messages.map((message) => ({ ...message, digest: undefined })),
})
const withoutCursor = (parcel: NewParcel): NewParcel => without(parcel, 'cursor')
const reversed = <T>(items: readonly T[]): readonly T[] => items.toReversed()

mutant(
  'accept: answers one id a message',
  'ids in another order',
  acceptances((answer) => ({ ...answer, ids: reversed(answer.ids) })),
)
mutant(
  'accept: keeps every field of a message',
  'forgets the sandbox',
  records((record) => ({ ...record, sandbox: false })),
)
mutant(
  'accept: keeps every field of a message',
  'a column of 65,535 bytes',
  records((record) => ({ ...record, data: record.data.slice(0, 65_535) })),
)
mutant(
  'accept: keeps every field of a message',
  'one byte a character',
  records((record) => ({ ...record, type: Buffer.from(record.type, 'latin1').toString('utf8') })),
)
mutant(
  'accept: keeps every field of a message',
  'forgets the trigger',
  records((record) => ({ ...record, labels: { ...record.labels, trigger: undefined } as never })),
)
mutant(
  'accept: keeps the labels of each message',
  'those of the first one for all',
  parcels((parcel) => {
    const labels = parcel.messages[0]?.labels ?? {}
    return { ...parcel, messages: parcel.messages.map((message) => ({ ...message, labels })) }
  }),
)
mutant(
  'accept: takes a parcel of the longest length',
  'keeps the first 255',
  parcels((parcel) => ({ ...parcel, messages: parcel.messages.slice(0, 255) })),
)
mutant(
  'accept: writes one pending entry an envelope',
  'forgets the weight',
  pendings((entries) => entries.map((entry) => ({ ...entry, weight: 1 }))),
)
mutant(
  'accept: answers what has to be pushed',
  'answers nothing to push',
  acceptances((answer) => ({ ...answer, envelopes: [] })),
)
mutant(
  'accept: a second accept of a parcel changes nothing',
  'takes it for a new one',
  acceptances((answer) => ({ ...answer, status: answer.status === 'known' ? 'accepted' : answer.status })),
)
mutant('accept: a second accept of a parcel changes nothing', 'writes its entries again', (real) => {
  const added: PendingEntry[] = []
  return {
    accept: async (all) => {
      const answers = await real.accept(all)
      for (const [index, { status }] of answers.entries()) {
        const { entries = [], tenant = '' } = all[index] ?? {}
        if (status === 'known')
          added.push(...entries.map((entry) => ({ ...entry, tenant, leased: false, takeovers: 0 })))
      }
      return answers
    },
    pending: async (filter, limit) => [...(await real.pending(filter, limit)), ...added],
  }
})
mutant('accept: answers the same again, whatever became of the messages', 'answers what took their place', (real) => ({
  accept: async (all) => {
    const answers = await real.accept(all)
    return Promise.all(
      answers.map(async (answer) => {
        const found = answer.status === 'known' ? await real.get(answer.ids) : []
        return { ...answer, ids: answer.ids.map((id, index) => found[index]?.into ?? id) }
      }),
    )
  },
}))
mutant('accept: of two accepts of a parcel at once, one is accepted', 'looks, then writes', racing('accept'))

mutant(
  'dedupe: inside one parcel',
  'looks only at what is stored',
  parcels((parcel) => {
    const seen = new Set<string>()
    const messages = parcel.messages.map((message) => {
      if (message.digest === undefined || !seen.has(message.digest)) {
        seen.add(message.digest ?? '')
        return message
      }
      return { ...message, digest: undefined }
    })
    return { ...parcel, messages }
  }),
)
mutant(
  'dedupe: across parcels the first data wins',
  'answers the second id',
  acceptances((answer, parcel) => ({
    ...answer,
    ids: parcel.messages.map((_, position) => messageId(parcel.id, position)),
  })),
)
mutant(
  'dedupe: digests that differ in anything are apart',
  'a collation without case',
  parcels((parcel) => ({
    ...parcel,
    messages: parcel.messages.map((message) => ({ ...message, digest: message.digest?.toLowerCase() })),
  })),
)
mutant(
  'dedupe: digests that differ in anything are apart',
  'a shorter digest',
  parcels((parcel) => ({
    ...parcel,
    messages: parcel.messages.map((message) => ({ ...message, digest: message.digest?.slice(0, 10) })),
  })),
)
mutant(
  'dedupe: a message without digest is never a duplicate',
  'takes none for a digest',
  parcels((parcel) => ({
    ...parcel,
    messages: parcel.messages.map((message) => ({ ...message, digest: message.digest ?? 'AAAAAAAAAAAAAAAA' })),
  })),
)
mutant(
  'dedupe: an entry comes without duplicates, an empty one not at all',
  'answers the entries as they came',
  acceptances((answer, { entries, tenant }) => ({
    ...answer,
    envelopes: entries.map((entry) => ({ ...entry, schema: 1, tenant })),
  })),
)
mutant(
  'dedupe: an announced duplicate keeps a record that names the first',
  'forgets that it was announced',
  parcels((parcel) => without(parcel, 'announced')),
)
mutant(
  'dedupe: a parcel that is accepted again answers its duplicates again',
  'answers its own ids',
  acceptances((answer, { id, messages }) =>
    answer.status === 'known'
      ? {
          ...answer,
          ids: messages.map((_, position) => messageId(id, position)),
          deduplicated: messages.map(() => false),
        }
      : answer,
  ),
)
mutant('dedupe: of many accepts at once, one is the first', 'looks, then writes', (real) => {
  let running = 0
  return {
    accept: async (all) => {
      running += 1
      const answers = await real.accept(running > 1 ? all.map(strip) : all)
      running -= 1
      return answers
    },
  }
})

mutant('dedupe window: a digest outlives its message', 'drops digests with the message', (real) => {
  let finished = false
  return {
    settle: async (all) => {
      finished ||= all.some(({ finish }) => finish)
      return real.settle(all)
    },
    accept: async (all) => real.accept(finished ? all.map(strip) : all),
  }
})
/** Knows when a digest came first and last. */
const windowOf =
  (isDuplicate: (first: number, last: number, now: number, windowMs: number) => boolean | undefined): Faults =>
  (real, { timing }) => {
    const seen = new Map<string, { first: number; last: number }>()
    return {
      accept: async (all) => {
        const now = await real.now()
        const answers = await real.accept(
          all.map((parcel) => {
            const messages = parcel.messages.map((message) => {
              const known = seen.get(message.digest ?? '')
              const forced =
                known === undefined ? undefined : isDuplicate(known.first, known.last, now, timing.dedupeMs)
              return forced === false ? { ...message, digest: undefined } : message
            })
            return { ...parcel, messages }
          }),
        )
        return answers.map((answer, index) => {
          const deduplicated = answer.deduplicated.map((value, position) => {
            const digest = all[index]?.messages[position]?.digest
            const known = seen.get(digest ?? '')
            if (digest !== undefined) seen.set(digest, { first: known?.first ?? now, last: now })
            return known === undefined ? value : (isDuplicate(known.first, known.last, now, timing.dedupeMs) ?? value)
          })
          return { ...answer, deduplicated }
        })
      },
    }
  }
mutant(
  'dedupe window: a digest is gone after twice the window',
  'keeps digests for ever',
  windowOf(() => true),
)
mutant(
  'dedupe window: a parcel that lives keeps its digests',
  'counts from accept',
  windowOf((first, _, now, windowMs) => (now - first > windowMs * 1.5 ? false : undefined)),
)
mutant(
  'dedupe window: the digest of a refused duplicate is not lengthened',
  'each duplicate begins a new window',
  windowOf((_, last, now, windowMs) => (now - last < windowMs * 1.6 ? true : undefined)),
)

mutant('cursor: moves in the step that accepts the page', 'forgets the cursor', parcels(withoutCursor))
mutant('cursor: a page from another place changes nothing', 'accepts it all the same', (real) => ({
  accept: async (all) => {
    const answers = await real.accept(all)
    for (const [index, { status }] of answers.entries()) {
      if (status === 'cursor-moved') await real.accept([withoutCursor(all[index] as NewParcel)])
    }
    return answers
  },
}))
mutant('cursor: a refused page does not stop the others of its call', 'rolls the call back', (real) => ({
  accept: async (all) => {
    const answers = await real.accept(all)
    const refused = answers.find(({ status }) => status === 'cursor-moved')
    return refused === undefined ? answers : answers.map(() => refused)
  },
}))
mutant('cursor: a page that is accepted again is known', 'looks at the cursor first', (real) => ({
  accept: async (all) =>
    Promise.all(
      all.map(async (parcel) => {
        const run = parcel.cursor === undefined ? undefined : await real.run(parcel.cursor.run)
        if (run !== undefined && run.cursor !== parcel.cursor?.from)
          return { status: 'cursor-moved', ids: [], deduplicated: [], envelopes: [] } as const
        return (await real.accept([parcel]))[0] as Acceptance
      }),
    ),
}))
mutant(
  'cursor: the last page removes the run’s entry',
  'never ends',
  parcels((parcel) =>
    parcel.cursor === undefined ? parcel : { ...parcel, cursor: { ...parcel.cursor, done: false } },
  ),
)
mutant('cursor: of a run that is not there', 'takes it for a parcel without cursor', (real) => ({
  accept: async (all) =>
    real.accept(
      await Promise.all(
        all.map(async (parcel) =>
          (await real.run(parcel.cursor?.run ?? '')) === undefined ? withoutCursor(parcel) : parcel,
        ),
      ),
    ),
}))
mutant('cursor: of two pages at once, one moves it', 'looks, then writes', racing('accept'))

mutant(
  'claim: takes the lease and reads the messages',
  'reads them in another order',
  claims((claim) => (claim.status === 'claimed' ? { ...claim, messages: reversed(claim.messages) } : claim)),
)
mutant(
  'claim: the data as a value is the data',
  'the value of before a change',
  claims((claim) =>
    claim.status === 'claimed'
      ? { ...claim, messages: claim.messages.map((message) => ({ ...message, data: message.data, value: { n: 1 } })) }
      : claim,
  ),
)
mutant('claim: a living lease is not taken', 'a process may take its own lease again', (real) => {
  const held = new Map<string, Claim>()
  return {
    claim: async (request) =>
      (await real.claim(request)).map((claim, index) => {
        const key = `${request.owner} ${request.envelopes[index]?.id}`
        if (claim.status === 'claimed') held.set(key, claim)
        return claim.status === 'leased' ? (held.get(key) ?? claim) : claim
      }),
  }
})
mutant(
  'claim: an entry that is not there is gone',
  'says leased',
  claims((claim) => (claim.status === 'gone' ? { status: 'leased' } : claim)),
)
mutant(
  'claim: an entry is not claimed before it is due',
  'believes the envelope',
  claims((claim, { id, due }) => (claim.status === 'not-due' && due === 0 ? granted(id) : claim)),
)
mutant(
  'claim: an entry is not claimed before it is due',
  'does not tell when',
  claims((claim) => (claim.status === 'not-due' ? { ...claim, due: 0 } : claim)),
)
mutant('claim: one answer each, in order', 'in another order', (real) => ({
  claim: async (request) => reversed(await real.claim(request)),
}))
mutant('claim: of many claims at once, one is granted', 'looks, then writes', racing('claim'))
/** Hands out what it should not. */
const handsOut = (wanted: (record: MessageRecord, step: number) => boolean): Faults =>
  claims(async (claim, { cargo }, real) => {
    if (claim.status !== 'claimed' || cargo.kind !== 'messages') return claim
    const found = await real.get(cargo.positions.map((position) => messageId(cargo.parcel, position)))
    const messages: ClaimedMessage[] = []
    for (const [index, record] of found.entries()) {
      const position = cargo.positions[index] ?? 0
      const claimed = claim.messages.find((message) => message.position === position)
      if (claimed !== undefined) messages.push(claimed)
      else if (record !== undefined && wanted(record, cargo.steps[index] ?? 0))
        messages.push({ ...record, position, attempting: undefined, slice: undefined })
    }
    return { ...claim, messages }
  })
mutant(
  'claim: a message that has moved on is not handed out',
  'ignores the step',
  handsOut((record, step) => record.step !== step),
)
mutant(
  'claim: a message that is done is not handed out',
  'ignores the state',
  handsOut((record, step) => record.step === step),
)
mutant(
  'claim: a held message is handed out when it is due',
  'forgets what is held',
  claims((claim) =>
    claim.status === 'claimed' ? { ...claim, messages: claim.messages.filter(({ state }) => state !== 'held') } : claim,
  ),
)

mutant(
  'takeover: a lease that ran out is taken, under a new token',
  'keeps the token',
  claims((claim) =>
    claim.status === 'claimed' ? { ...claim, token: claim.before.at(-1)?.token ?? claim.token } : claim,
  ),
)
mutant(
  'takeover: tells the lease before and its slices',
  'does not count slices',
  toldLeases((before) => before.map((lease) => ({ ...lease, slices: 1 }))),
)
mutant(
  'takeover: tells the lease before and its slices',
  'tells the last one alone',
  toldLeases((before) => before.slice(-1)),
)
mutant(
  'takeover: one that began a slice takes the place of those before it',
  'tells all that there were',
  (_real, subject) => {
    const all: DeadLease[] = []
    const more = toldLeases((before) => {
      all.push(...before.filter(({ token }) => !all.some((lease) => lease.token === token)))
      return [...all]
    })
    return more(subject.ledger, subject)
  },
)
mutant(
  'takeover: of more than are told, the first',
  'the last',
  toldLeases((before) => (before.length < deadLeaseLimit ? before : before.slice(1))),
)
mutant(
  'takeover: an entry is not gone while a dead lease is to be resolved',
  'is, where no message is left',
  claims((claim) =>
    claim.status === 'claimed' && claim.messages.length === 0 && claim.before.length > 0 ? { status: 'gone' } : claim,
  ),
)
mutant('takeover: what is given back unbegun tells of dead leases again', 'forgets them', (real, subject) => {
  const yielded = new Set<string>()
  return {
    ...claims((claim) => (claim.status === 'claimed' && yielded.has(claim.entry) ? { ...claim, before: [] } : claim))(
      real,
      subject,
    ),
    yield: async (leases, due) => {
      for (const { entry } of leases) yielded.add(entry)
      await real.yield(leases, due)
    },
  }
})
mutant('takeover: what leaves an entry leaves its dead leases there', 'takes them along', (real, subject) => {
  let cancelled = false
  return {
    ...claims((claim) => (cancelled && claim.status === 'claimed' ? { status: 'gone' } : claim))(real, subject),
    cancel: async (ids) => {
      cancelled = true
      return real.cancel(ids)
    },
  }
})
mutant(
  'takeover: what was being sent is told again where it was given back unsettled',
  'nobody knows any more what was about to be attempted',
  (real, subject) => {
    let yielded = false
    const forgetful = claims((claim) =>
      yielded && claim.status === 'claimed'
        ? { ...claim, messages: claim.messages.map((message) => ({ ...message, attempting: undefined })) }
        : claim,
    )(real, subject)
    return {
      ...forgetful,
      yield: async (leases, due) => {
        yielded = true
        return real.yield(leases, due)
      },
    }
  },
)
mutant(
  'takeover: is counted',
  'is not',
  claims((claim) => (claim.status === 'claimed' ? { ...claim, takeovers: 0 } : claim)),
)
mutant(
  'takeover: only what was being sent is interrupted',
  'all of it is',
  claims((claim) =>
    claim.status === 'claimed' && claim.before.length > 0
      ? { ...claim, messages: claim.messages.map((message) => ({ ...message, state: 'sending' as const })) }
      : claim,
  ),
)
mutant(
  'takeover: only what was being sent is interrupted',
  'forgets what was attempted',
  claims((claim) =>
    claim.status === 'claimed'
      ? { ...claim, messages: claim.messages.map((message) => ({ ...message, attempting: undefined })) }
      : claim,
  ),
)
mutant('takeover: of many at once, one is granted', 'looks, then writes', racing('claim'))

mutant(
  'begin: marks a slice as being sent',
  'does not mark it',
  records((record) => ({ ...record, state: record.state === 'sending' ? 'waiting' : record.state })),
)
mutant(
  'begin: a message is begun at most once a step',
  'begins what is being sent',
  begins(({ state }) => state === 'sending'),
)
mutant('begin: of many at once, one begins a message', 'looks, then writes', racing('begin'))
mutant(
  'begin: not at another step',
  'ignores the step',
  begins(({ state, step, due }, { steps }, index, now) => state === 'waiting' && due <= now && step !== steps[index]),
)
mutant(
  'begin: not what was cancelled',
  'begins what is done',
  begins(({ state }) => state === 'done'),
)
mutant(
  'begin: not before it is due',
  'ignores the due time',
  begins(({ state, due }, _, __, now) => state === 'waiting' && due > now),
)
mutant(
  'begin: not once it is expired',
  'ignores the ttl',
  begins(({ state, expires }, _, __, now) => state === 'waiting' && expires !== undefined && expires <= now),
)
mutant('begin: settles the slice before in the same call', 'forgets it', (real) => ({
  begin: async (all) => real.begin(all.map((request) => without(request, 'settle'))),
}))
mutant('begin: writes the entries of what it settles', 'forgets them', (real) => ({
  begin: async (all) =>
    real.begin(
      all.map((request) =>
        request.settle === undefined ? request : { ...request, settle: { ...request.settle, entries: [] } },
      ),
    ),
}))
mutant('begin: renews the lease', 'does not', (real, { timing }) => ({
  begin: async (all) => real.begin(all.map((request) => ({ ...request, leaseMs: timing.shortMs }))),
}))
mutant('begin: nothing under a lost lease', 'does not look at the lease', (real) => ({
  begin: async (all) =>
    (await real.begin(all)).map((answer, index) =>
      answer.lease === 'held' ? answer : { ...answer, lease: 'held', begun: all[index]?.positions ?? [] },
    ),
}))
mutant('begin: nothing under a lost lease', 'loses the evidence', (real) => ({
  begin: async (all) =>
    Promise.all(
      all.map(async ({ settle, ...request }) => {
        const [held] = await real.renew([request], request.leaseMs)
        const [answer] = await real.begin([held === true && settle !== undefined ? { ...request, settle } : request])
        return answer as NonNullable<typeof answer>
      }),
    ),
}))
mutant('begin: nothing under an entry that is finished', 'says that the lease is held', (real) => ({
  begin: async (all) => (await real.begin(all)).map((answer) => ({ ...answer, lease: 'held' })),
}))
mutant('begin: one answer each, in order', 'in another order', (real) => ({
  begin: async (all) => reversed(await real.begin(all)),
}))

mutant(
  'settle: done keeps its outcome and step, and drops the note',
  'forgets what took its place',
  records((record) => ({ ...record, into: undefined })),
)
mutant(
  'settle: done keeps its outcome and step, and drops the note',
  'keeps the note',
  records((record) => ({ ...record, progress: record.state === 'done' ? 'note' : record.progress })),
)
mutant(
  'settle: waiting raises the step and keeps due, reason and note',
  'forgets the note',
  settlements((one) => ({
    ...one,
    results: one.results.map((result) => {
      if (result.to.state !== 'waiting') return result
      const { progress: _, ...to } = result.to
      return { ...result, to }
    }),
  })),
)
mutant(
  'settle: held keeps the step',
  'raises it',
  records((record) => ({ ...record, step: record.state === 'held' ? record.step + 1 : record.step })),
)
mutant(
  'settle: what was never begun can be settled',
  'only what is being sent can',
  settlements(async (one, real) => keep(real, one, (record) => record?.state !== 'waiting')),
)
mutant(
  'settle: not at another step',
  'ignores the step',
  settlements(async (one, real) => {
    const results = await Promise.all(
      one.results.map(async (result) => ({
        ...result,
        step: (await recordOf(real, one.parcel, result))?.step ?? result.step,
      })),
    )
    return { ...one, results }
  }),
)
mutant(
  'settle: what is done stays done',
  'does not look',
  settlements(async (one, real) => overwrite(real, one, () => true)),
)
mutant(
  'settle: finish removes the entry',
  'does not',
  settlements((one) => ({ ...one, finish: false })),
)
mutant(
  'settle: finishes an entry without messages',
  'only one with results',
  settlements((one) => ({ ...one, finish: one.finish && one.results.length > 0 })),
)
mutant(
  'settle: every message that is not done is in one entry',
  'writes the first entry only',
  settlements((one) => ({ ...one, entries: one.entries.slice(0, 1) })),
)
mutant('settle: one answer each, in order', 'in another order', (real) => ({
  settle: async (all) => reversed(await real.settle(all)),
}))
mutant('settle: ends reservations in the same step', 'says so and does not', (real) => ({
  capabilities: { ...real.capabilities, reservations: true },
}))
mutant('settle: ends reservations in the same step', 'whatever it cost', (real, { state }) => ({
  capabilities: { ...real.capabilities, reservations: true },
  settle: async (all) => {
    const answers = await real.settle(all)
    for (const { reservation, confirm, release } of all.flatMap(({ reservations }) => reservations ?? [])) {
      await state.confirm(reservation, confirm)
      await state.release(reservation, release)
    }
    return answers
  },
}))

mutant(
  'late evidence: resolves what was being sent',
  'passes it over',
  lateSettle(async (one, _, real) => keep(real, one, (record) => record?.state !== 'sending')),
)
mutant(
  'late evidence: resolves what is held',
  'passes it over',
  lateSettle(async (one, _, real) => keep(real, one, (record) => record?.state !== 'held')),
)
mutant(
  'late evidence: says nothing of what waits',
  'does not look at the token',
  lateSettle(async (one, token) => ({ ...one, token, finish: false })),
)
mutant(
  'late evidence: says nothing of another step',
  'does not look at the step',
  lateSettle(async (one, _, real) => {
    const results = await Promise.all(
      one.results.map(async (result) => ({
        ...result,
        step: (await recordOf(real, one.parcel, result))?.step ?? result.step,
      })),
    )
    return { ...one, results }
  }),
)
mutant(
  'late evidence: does not undo what is known',
  'does',
  lateSettle(async (one, _, real) => overwrite(real, one, () => true)),
)
mutant(
  'late evidence: does not finish an entry of somebody else',
  'does',
  lateSettle(async (one, token, real) => {
    if (one.finish) await real.settle([{ ...one, token, results: [], entries: [] }])
    return one
  }),
)
mutant(
  'late evidence: brings the entry of what it puts back',
  'does not',
  lateSettle(async (one) => ({ ...one, entries: [] })),
)
mutant('late evidence: brings no entry of what was not taken', 'brings it', (real) => {
  const added: PendingEntry[] = []
  return {
    settle: async (all) => {
      const answers = await real.settle(all)
      for (const [index, { settled }] of answers.entries()) {
        const entries = all[index]?.entries ?? []
        if (settled.length === 0)
          added.push(...entries.map((entry) => ({ ...entry, tenant: 'acme', leased: false, takeovers: 0 })))
      }
      return answers
    },
    pending: async (filter, limit) => [...(await real.pending(filter, limit)), ...added],
  }
})

mutant('renew: lengthens a lease', 'only says so', () => ({ renew: async (leases) => leases.map(() => true) }))
mutant('renew: answers which are still held, in order', 'says that all are', (real) => ({
  renew: async (leases, leaseMs) => {
    await real.renew(leases, leaseMs)
    return leases.map(() => true)
  },
}))
mutant('yield: gives the lease back without a takeover', 'lets it run out', (real) => ({
  yield: async (leases) => {
    await real.renew(leases, 0)
  },
}))
mutant('yield: ends the lease', 'the old token still begins', (real) => ({
  begin: async (all) => (await real.begin(all)).map((answer) => ({ ...answer, lease: 'held' })),
}))
mutant('yield: until a due time', 'at once', (real) => ({ yield: async (leases) => real.yield(leases) }))
mutant('yield: a lost lease gives nothing back', 'does not look at the token', (real) => {
  const current = new Map<string, string>()
  return {
    claim: async (request) => {
      const answers = await real.claim(request)
      for (const claim of answers) if (claim.status === 'claimed') current.set(claim.entry, claim.token)
      return answers
    },
    yield: async (leases, due) =>
      real.yield(
        leases.map(({ entry, token }) => ({ entry, token: current.get(entry) ?? token })),
        due,
      ),
  }
})

mutant('cancel: what waits is done, and never handed out', 'only says so', () => ({
  cancel: async (ids) => ids.map(() => 'cancelled'),
}))
const tooLateAs =
  (answer: 'cancelled' | 'done'): Faults =>
  (real) => ({ cancel: async (ids) => (await real.cancel(ids)).map((one) => (one === 'too-late' ? answer : one)) })
mutant('cancel: what is being sent is too late', 'says that it is done', tooLateAs('done'))
mutant('cancel: what is held is too late', 'cancels it', (real) => ({
  cancel: async (ids) => {
    const found = await real.get(ids)
    const answers = await real.cancel(ids)
    return Promise.all(
      answers.map(async (answer, index) => {
        const record = found[index]
        if (record?.state !== 'held') return answer
        await real.change([
          { id: record.id, step: record.step, from: ['held'], to: { state: 'done', outcome: 'cancelled' }, events: [] },
        ])
        return 'cancelled'
      }),
    )
  },
}))
mutant('cancel: one answer each, in order', 'in another order', (real) => ({
  cancel: async (ids) => reversed(await real.cancel(ids)),
}))
mutant(
  'cancel: a result that comes after it is not taken',
  'is taken',
  settlements(async (one, real) => overwrite(real, one, ({ outcome }) => outcome === 'cancelled')),
)
mutant('cancel: against begin, one wins', 'both do', tooLateAs('cancelled'))

const changes =
  (
    change: (
      wanted: Parameters<Ledger['change']>[0][number],
      real: Ledger,
    ) => Promise<Parameters<Ledger['change']>[0][number]>,
  ): Faults =>
  (real) => ({ change: async (all) => real.change(await Promise.all(all.map(async (one) => change(one, real)))) })
mutant(
  'change: another time, under a new entry',
  'without the entry',
  changes(async (change) => without(change, 'entry')),
)
mutant(
  'change: not at another step',
  'ignores the step',
  changes(async (change, real) => ({ ...change, step: (await real.get([change.id]))[0]?.step ?? 0 })),
)
mutant(
  'change: not from another state',
  'ignores the state',
  changes(async (change) => ({ ...change, from: ['waiting', 'sending', 'held', 'done'] })),
)
mutant('change: one answer each, in order', 'in another order', (real) => ({
  change: async (all) => reversed(await real.change(all)),
}))
mutant(
  'change: new data',
  'forgets it',
  changes(async (change) => without(change, 'data')),
)
mutant(
  'change: a new time to live',
  'forgets it',
  changes(async (change) => without(change, 'expires')),
)
mutant(
  'change: a new time to live',
  'forgets the old one',
  records((record) => (record.step > 0 ? { ...record, expires: undefined } : record)),
)
const keepsOldEntry = (real: Ledger): Partial<Ledger> => {
  const before: PendingEntry[] = []
  return {
    change: async (all) => {
      if (all.some(({ to }) => to.state === 'held')) before.push(...(await real.pending({}, 10)))
      return real.change(all)
    },
    pending: async (filter, limit) => [...before, ...(await real.pending(filter, limit))],
  }
}
mutant('change: of what is held and stays it, in one entry', 'keeps the old entry too', keepsOldEntry)
mutant('change: of one of those that are held in one entry', 'keeps the old entry too', keepsOldEntry)
mutant(
  'change: of what is held and stays it, in one entry',
  'has no new entry',
  changes(async (change) => (change.to.state === 'held' ? without(change, 'entry') : change)),
)
mutant(
  'change: resolves what is held',
  'knows only what waits',
  changes(async (change) => ({ ...change, from: change.from.filter((state) => state !== 'held') })),
)
mutant(
  'change: runs again what is done',
  'leaves it done',
  changes(async (change) => ({ ...change, from: change.from.filter((state) => state !== 'done') })),
)
mutant('change: of many at once, one wins', 'looks, then writes', racing('change'))

mutant('now: is the store’s clock and moves', 'stands still', () => ({ now: async () => 1_767_225_600_000 }))
mutant('get: one answer each, in order', 'leaves out what is not there', (real) => ({
  get: async (ids) => (await real.get(ids)).filter((record) => record !== undefined),
}))
mutant('pending: by due time, no more than the limit', 'the latest first', pendings(reversed))
mutant('pending: by due time, no more than the limit', 'ignores the limit', (real) => ({
  pending: async (filter) => real.pending(filter, 1_000),
}))
mutant('pending: every field of the filter must fit', 'ignores the tenant', (real) => ({
  pending: async (filter, limit) => real.pending(without(filter, 'tenant'), limit),
}))
mutant('pending: every field of the filter must fit', 'ignores the lane', (real) => ({
  pending: async (filter, limit) => real.pending(without(filter, 'lane'), limit),
}))
mutant('pending: every field of the filter must fit', 'ignores the due time', (real) => ({
  pending: async (filter, limit) => real.pending(without(filter, 'dueBefore'), limit),
}))
mutant('pending: tells who is leased', 'for ever, once it was claimed', (real) => {
  const claimed = new Set<string>()
  return {
    claim: async (request) => {
      for (const { id } of request.envelopes) claimed.add(id)
      return real.claim(request)
    },
    pending: async (filter, limit) =>
      (await real.pending(filter, limit)).map((entry) => ({ ...entry, leased: claimed.has(entry.id) })),
  }
})

interface Sweeping {
  readonly intervalMs?: (pushes: number, pushAgainMs: number) => number
  readonly ready?: (entry: PendingEntry, now: number) => boolean
  readonly most?: number
}
/** A sweep of its own over what is pending, with one rule changed. */
const sweeping =
  ({
    intervalMs = (pushes, first) => first * 2 ** pushes,
    ready = ({ due, leased }, now) => due <= now && !leased,
    most,
  }: Sweeping): Faults =>
  (real, { timing }) => {
    const pushed = new Map<string, { at: number; times: number }>()
    return {
      accept: async (all) => {
        const at = await real.now()
        for (const { entries } of all) for (const { id } of entries) pushed.set(id, { at, times: 0 })
        return real.accept(all)
      },
      sweep: async (limit) => {
        const now = await real.now()
        const found = (await real.pending({}, 1_000)).filter((entry) => {
          const { at, times } = pushed.get(entry.id) ?? { at: now, times: 0 }
          return ready(entry, now) && now - at >= intervalMs(times, timing.pushAgainMs)
        })
        const taken = found.slice(0, most ?? limit)
        for (const { id } of taken) pushed.set(id, { at: now, times: (pushed.get(id)?.times ?? 0) + 1 })
        const envelopes = taken.map((entry) => ({
          ...without(without(entry, 'leased'), 'takeovers'),
          schema: 1 as const,
        }))
        return { envelopes, more: found.length > taken.length }
      },
    }
  }
mutant(
  'sweep: answers what is due and was not pushed lately',
  'answers it each time',
  sweeping({ intervalMs: () => 0 }),
)
mutant('sweep: answers what is due and was not pushed lately', 'answers nothing', (real) => ({
  sweep: async (limit) => ({ ...(await real.sweep(limit)), envelopes: [] }),
}))
mutant('sweep: the interval doubles', 'stays as it is', sweeping({ intervalMs: (_, first) => first }))
mutant(
  'sweep: the interval doubles',
  'becomes four times as long',
  sweeping({ intervalMs: (pushes, first) => first * 4 ** pushes }),
)
mutant('sweep: leaves what is not due', 'answers it', sweeping({ ready: ({ leased }) => !leased }))
mutant(
  'sweep: leaves what is leased, and answers it once the lease ran out',
  'answers it',
  sweeping({ ready: ({ due }, now) => due <= now }),
)
mutant(
  'sweep: leaves what is leased, and answers it once the lease ran out',
  'never again once it was claimed',
  (real) => {
    const claimed = new Set<string>()
    return {
      claim: async (request) => {
        for (const { id } of request.envelopes) claimed.add(id)
        return real.claim(request)
      },
      sweep: async (limit) => {
        const { envelopes, more } = await real.sweep(limit)
        return { envelopes: envelopes.filter(({ id }) => !claimed.has(id)), more }
      },
    }
  },
)
mutant('sweep: no more than the limit, and all in the end', 'ignores the limit', sweeping({ most: 1_000 }))
mutant('sweep: no more than the limit, and all in the end', 'says that there is no more', (real) => ({
  sweep: async (limit) => ({ ...(await real.sweep(limit)), more: false }),
}))
mutant('sweep: of many at once, one answers an entry', 'looks, then notes', racing('sweep'))

const goneWhen =
  (gone: (record: MessageRecord, now: number, retentionMs: number) => boolean): Faults =>
  (real, { timing }) => ({
    get: async (ids) => {
      const now = await real.now()
      return (await real.get(ids)).map((record) =>
        record !== undefined && gone(record, now, timing.retentionMs) ? undefined : record,
      )
    },
  })
mutant('retention: what is done is there until it has passed', 'half of it', (real, { timing }) => {
  const done = new Map<string, number>()
  return {
    settle: async (all) => {
      const now = await real.now()
      for (const { parcel } of all) done.set(parcel, now)
      return real.settle(all)
    },
    get: async (ids) => {
      const now = await real.now()
      return (await real.get(ids)).map((record) => {
        const at = done.get(record?.id.split('.')[0] ?? '')
        return record?.state === 'done' && at !== undefined && now - at > timing.retentionMs / 2 ? undefined : record
      })
    },
  }
})
mutant('retention: then it is removed', 'never', (real) => {
  const kept = new Map<string, MessageRecord>()
  return {
    get: async (ids) => ids.map((id) => kept.get(id)),
    settle: async (all) => {
      const answers = await real.settle(all)
      for (const { parcel, results } of all) {
        for (const result of results) {
          const record = await recordOf(real, parcel, result)
          if (record !== undefined) kept.set(record.id, record)
        }
      }
      return answers
    },
  }
})
mutant(
  'retention: counts from done',
  'counts from accept',
  goneWhen(({ state, acceptedAt }, now, retentionMs) => state === 'done' && now - acceptedAt > retentionMs),
)
mutant(
  'retention: what is not done stays',
  'goes as well',
  goneWhen(({ acceptedAt }, now, retentionMs) => now - acceptedAt > retentionMs),
)

mutant('retention: a run that is done is removed', 'never', (real) => {
  const kept = new Map<string, RunRecord>()
  return {
    run: async (id) => {
      const run = await real.run(id)
      if (run?.done === true) kept.set(id, run)
      return run ?? kept.get(id)
    },
  }
})
mutant('retention: a run that is not done stays', 'counts from its instant', (real, { timing }) => ({
  run: async (id) => {
    const run = await real.run(id)
    return run !== undefined && (await real.now()) - run.instant > timing.retentionMs ? undefined : run
  },
}))
mutant('retention: a run whose firing is an entry still stays', 'goes, and is begun again', (real, { timing }) => ({
  beginRun: async (begin) => {
    const answer = await real.beginRun(begin)
    const old = (await real.now()) - begin.instant > timing.retentionMs
    return answer.status === 'exists' && old ? { ...answer, status: 'begun' } : answer
  },
}))

mutant('saveTask: writes a task', 'forgets its text', (real) => ({
  saveTask: async (task, expected) => real.saveTask({ ...task, text: '{}' }, expected),
}))
mutant('saveTask: writes the entry of the next firing', 'does not', (real) => ({
  pending: async (filter, limit) => (await real.pending(filter, limit)).filter(({ cargo }) => cargo.kind !== 'firing'),
}))
mutant('saveTask: without a next firing there is no entry', 'there is one at once', (real) => ({
  saveTask: async (task, expected) => real.saveTask({ ...task, next: task.next ?? 1 }, expected),
}))
mutant('saveTask: not at another revision', 'ignores it', (real) => ({
  saveTask: async (task) => real.saveTask(task, (await real.tasks([task.id]))[0]?.revision ?? 0),
}))
mutant('saveTask: of two at once, one is saved', 'looks, then writes', racing('saveTask'))

mutant('beginRun: inserts the run and its entry', 'in another lane', (real) => ({
  beginRun: async (begin) => real.beginRun({ ...begin, lane: 'P2' }),
}))
mutant('beginRun: inserts the run and its entry', 'forgets its instant', (real) => ({
  run: async (id) => {
    const run = await real.run(id)
    return run === undefined ? run : { ...run, instant: 0 }
  },
}))
mutant('beginRun: writes the entry of the next firing', 'forgets it', (real) => ({
  beginRun: async (begin) => real.beginRun({ ...begin, next: undefined }),
}))
mutant('beginRun: the last firing has no next one', 'it has', (real) => ({
  beginRun: async (begin) => real.beginRun({ ...begin, next: begin.next ?? begin.instant + 60_000 }),
}))
mutant('beginRun: a firing that was begun exists', 'begins again', (real) => ({
  beginRun: async (begin) => {
    const answer = await real.beginRun(begin)
    return answer.status === 'exists' ? { ...answer, status: 'begun' } : answer
  },
}))
mutant('beginRun: a firing of an edited task is stale', 'ignores the revision', (real) => ({
  beginRun: async (begin) => real.beginRun({ ...begin, revision: (await real.tasks([begin.task]))[0]?.revision ?? 0 }),
}))
mutant('beginRun: of many at once, one begins', 'looks, then writes', racing('beginRun'))
for (const [killedBy, fault, faults] of runMutants) mutant(killedBy, fault, faults)
mutant(
  'firing: is claimed when it is due, not before',
  'at any time',
  claims((claim, { id, cargo }) => (claim.status === 'not-due' && cargo.kind === 'firing' ? granted(id) : claim)),
)
mutant('run: undefined where there is none', 'an empty one', (real) => ({
  run: async (id) =>
    (await real.run(id)) ?? { id, task: '', key: '', part: '', instant: 0, revision: 0, cursor: '', done: false },
}))

describe('mutants of the ledger', () => {
  testMutants(ledgerCases, mutants, memorySubject)
})
