import { describe } from 'vitest'
import type { BucketTake, BudgetLine, State } from '@reachkit/core/spec'
import { stateCases } from '../src/conformance/index.js'
import type { StateSubject } from '../src/conformance/index.js'
import { memorySubject } from './memory-subject.js'
import { replaced, testMutants, together } from './mutants.js'
import type { Mutant } from './mutants.js'

const mutants: Mutant<StateSubject>[] = []
function mutant(killedBy: string, fault: string, faults: (real: State) => Partial<State>): void {
  mutants.push({
    killedBy,
    fault,
    breaks: (subject) => ({ ...subject, state: replaced(subject.state, faults(subject.state)) }),
  })
}
const reversed = <T>(items: readonly T[]): readonly T[] => items.toReversed()
const lower = <T extends { readonly key: string }>(one: T): T => ({ ...one, key: one.key.toLowerCase() })

mutant('now: is the store’s clock and moves', 'stands still', () => ({ now: async () => 1_767_225_600_000 }))
mutant('count: adds and answers the sums, in order', 'in another order', (real) => ({
  count: async (all) => reversed(await real.count(all)),
}))
mutant('count: adds and answers the sums, in order', 'keys without case', (real) => ({
  count: async (all) => real.count(all.map(lower)),
}))
mutant('count: a counter is gone its ttl after it was made', 'is never gone', (real) => ({
  count: async (all) => real.count(all.map((one) => ({ ...one, ttlMs: 2 ** 40 }))),
}))
mutant('count: a counter is gone its ttl after it was made', 'adding lengthens it', (real) => {
  const last = new Map<string, { at: number; sum: number }>()
  return {
    count: async (all) => {
      const now = await real.now()
      return all.map(({ key, by, ttlMs }) => {
        const known = last.get(key)
        const sum = (known !== undefined && now - known.at < ttlMs ? known.sum : 0) + by
        last.set(key, { at: now, sum })
        return sum
      })
    },
  }
})
mutant('count: of many at once, none is lost', 'reads, then writes', (real) => ({
  count: together(async (all) => real.count(all)),
}))

mutant('remember: the first value stands', 'the last does', (real) => {
  const last = new Map<string, string>()
  return {
    remember: async (all) => {
      const answers = await real.remember(all)
      return answers.map(({ first }, index) => {
        const { key, value } = all[index] ?? { key: '', value: '' }
        last.set(key, value)
        return { value: last.get(key) ?? value, first }
      })
    },
  }
})
mutant('remember: until its ttl is over', 'for ever', (real) => ({
  remember: async (all) => real.remember(all.map((one) => ({ ...one, ttlMs: 2 ** 40 }))),
}))
mutant('remember: until its ttl is over', 'asking lengthens it', (real) => ({
  remember: async (all) => {
    const answers = await real.remember(all)
    for (const [index, { first, value }] of answers.entries()) {
      const entry = all[index]
      if (first || entry === undefined) continue
      await real.forget([entry.key])
      await real.remember([{ ...entry, value }])
    }
    return answers
  },
}))
mutant('remember: of many at once, one is the first', 'reads, then writes', (real) => ({
  remember: together(async (all) => real.remember(all)),
}))
mutant('forget: the next one is the first again', 'forgets nothing', () => ({ forget: async () => {} }))
mutant('forget: the next one is the first again', 'an unknown key is an error', (real) => ({
  forget: async (keys) => {
    if (keys.includes('nothing')) throw new Error('no such key')
    return real.forget(keys)
  },
}))

const takes =
  (change: (take: BucketTake) => BucketTake) =>
  (real: State): Partial<State> => ({ take: async (all) => real.take(all.map(change)) })
mutant(
  'take: a full bucket gives its burst',
  'one less',
  takes((take) => ({ ...take, burst: take.burst - 1 })),
)
mutant('take: a full bucket gives its burst', 'granted later', (real) => ({
  take: async (all) => (await real.take(all)).map((answer) => ({ ...answer, at: answer.at + 1_000 })),
}))
mutant('take: a denied one gets an instant of its own', 'all get the same', (real) => {
  let first: number | undefined
  return {
    take: async (all) =>
      (await real.take(all)).map((answer) => {
        if (!answer.reserved) return answer
        first ??= answer.at
        return { ...answer, at: first }
      }),
  }
})
mutant('take: a reserved instant is used up', 'takes nothing', (real) => ({
  take: async (all) =>
    (await real.take(all.map((take) => ({ ...take, maxWaitMs: 0 })))).map((answer) => ({
      ...answer,
      reserved: !answer.granted,
    })),
}))
mutant(
  'take: further off than maxWaitMs takes nothing',
  'waits however long',
  takes((take) => ({ ...take, maxWaitMs: 2 ** 40 })),
)
mutant(
  'take: refills with time, and not beyond the burst',
  'saves up without end',
  takes((take) => ({ ...take, burst: take.burst * 3 })),
)
mutant(
  'take: refills with time, and not beyond the burst',
  'never refills',
  takes((take) => ({ ...take, perMs: 2 ** 40 })),
)
mutant(
  'take: a cost of several tokens',
  'each costs one',
  takes((take) => ({ ...take, cost: 1 })),
)
mutant(
  'take: buckets are apart',
  'there is one',
  takes((take) => ({ ...take, key: 'one' })),
)
mutant(
  'take: leaves what it is told to keep',
  'leaves nothing',
  takes((take) => ({ ...take, keep: 0 })),
)
mutant(
  'take: leaves what it is told to keep',
  'is kept from those that it is left for',
  takes((take) => (take.burst === 5 ? { ...take, keep: 3 } : take)),
)
mutant('take: of many at once, no more than the burst', 'reads, then writes', (real) => ({
  take: together(async (all) => real.take(all)),
}))

mutant('enter: no more than max in a window', 'one more', (real) => ({
  enter: async (all) => real.enter(all.map((one) => ({ ...one, max: one.max + 1 }))),
}))
mutant('enter: who is in stays in and counts once', 'counts each time', (real) => {
  let entered = 0
  return { enter: async (all) => real.enter(all.map((one) => ({ ...one, member: `${one.member} ${entered++}` }))) }
})
mutant('enter: a denied one is told when there is room', 'is told a window from now', (real) => ({
  enter: async (all) => {
    const now = await real.now()
    return (await real.enter(all)).map((answer, index) =>
      answer.entered ? answer : { ...answer, until: now + (all[index]?.windowMs ?? 0) + 5 },
    )
  },
}))
mutant('enter: the window slides', 'begins anew each time it is full', (real) => {
  const windows = new Map<string, { start: number; members: Set<string> }>()
  return {
    enter: async (all) => {
      const now = await real.now()
      return all.map(({ key, member, max, windowMs }) => {
        const known = windows.get(key)
        const window =
          known !== undefined && now - known.start < windowMs ? known : { start: now, members: new Set<string>() }
        windows.set(key, window)
        const entered = window.members.has(member) || window.members.size < max
        if (entered) window.members.add(member)
        return { entered, until: entered ? undefined : window.start + windowMs }
      })
    },
    leave: async (members) => {
      for (const { key, member } of members) windows.get(key)?.members.delete(member)
    },
  }
})
mutant('enter: a denied one does not count', 'does', (real) => {
  const denied = new Map<string, number>()
  return {
    enter: async (all) =>
      Promise.all(
        all.map(async (one) => {
          const [answer] = await real.enter([{ ...one, max: one.max - (denied.get(one.key) ?? 0) }])
          if (answer?.entered === false) denied.set(one.key, (denied.get(one.key) ?? 0) + 1)
          return answer ?? { entered: false, until: undefined }
        }),
      ),
  }
})
mutant('leave: as if it had never come in', 'stays in', () => ({ leave: async () => {} }))
mutant('leave: as if it had never come in', 'an unknown one ends the call', (real) => ({
  leave: async (members) => {
    const unknown = members.findIndex(({ key }) => key === 'nothing')
    return real.leave(unknown === -1 ? members : members.slice(0, unknown))
  },
}))
mutant('enter: of many at once, no more than max', 'reads, then writes', (real) => ({
  enter: together(async (all) => real.enter(all)),
}))

const lines =
  (change: (line: BudgetLine, reservation: string) => BudgetLine) =>
  (real: State): Partial<State> => ({
    reserve: async (reservation, all) =>
      real.reserve(
        reservation,
        all.map((line) => change(line, reservation)),
      ),
  })
mutant('credit: adds to what is left', 'sets it', (real) => ({
  credit: async (budget, amount) => real.credit(budget, amount - ((await real.budgets([budget]))[0]?.left ?? 0)),
}))
mutant('reserve: as long as enough is left', 'ends at the first that is denied', (real) => ({
  reserve: async (reservation, all) => {
    const granted: boolean[] = []
    for (const line of all)
      granted.push(!granted.includes(false) && (await real.reserve(reservation, [line]))[0] === true)
    return granted
  },
}))
mutant('reserve: as long as enough is left', 'all or nothing', (real) => ({
  reserve: async (reservation, all) => {
    const granted = await real.reserve(reservation, all)
    if (granted.includes(false)) await real.release(reservation)
    return granted.map((one) => one && !granted.includes(false))
  },
}))
mutant('reserve: the same line is granted once', 'each time', (real) => {
  let asked = 0
  return {
    reserve: async (reservation, all) =>
      real.reserve(
        reservation,
        all.map((line) => ({ ...line, member: `${line.member} ${asked++}` })),
      ),
  }
})
mutant('reserve: the same line is granted once', 'the same member is, under any reservation', (real) => ({
  reserve: async (_, all) => real.reserve('one', all),
}))
mutant('confirm: spends for good', 'each time', (real) => {
  const spent = new Map<string, number>()
  return {
    confirm: async (reservation, members) => {
      await real.confirm(reservation, members)
      for (const member of members) spent.set(member, (spent.get(member) ?? 0) + 1)
    },
    budgets: async (keys) => {
      const twice = [...spent.values()].filter((times) => times > 1).length
      return (await real.budgets(keys)).map((level) => ({ ...level, spent: level.spent + twice }))
    },
  }
})
mutant('confirm: spends for good', 'what was released as well', (real) => ({
  release: async (reservation, members) => {
    if (members === undefined) await real.release(reservation)
  },
}))
mutant('confirm: spends what it is told, and gives back the rest', 'what it reserved', (real) => ({
  confirm: async (reservation, members) => real.confirm(reservation, members),
}))
mutant('confirm: spends what it is told, and gives back the rest', 'nothing where that is 0', (real) => ({
  confirm: async (reservation, members, amounts = new Map()) =>
    real.confirm(reservation, members, new Map([...amounts].filter(([, amount]) => amount > 0))),
}))
mutant('confirm: spends what it is told, and gives back the rest', 'keeps the rest', (real) => ({
  confirm: async (reservation, members, amounts) => {
    await real.confirm(reservation, members, amounts)
    if (amounts?.get('a') === 10) await real.credit('money', -20)
  },
}))
mutant('confirm: spends more than was reserved, below 0', 'no more than was reserved', (real) => ({
  confirm: async (reservation, members, amounts = new Map()) =>
    real.confirm(reservation, members, new Map([...amounts].filter(([, amount]) => amount < 60))),
}))
mutant('confirm: spends more than was reserved, below 0', 'grants nothing as something', (real) => ({
  reserve: async (reservation, all) => {
    const granted = await real.reserve(reservation, all)
    return granted.map((has, index) => has || all[index]?.amount === 0)
  },
}))
mutant('confirm: spends more than was reserved, below 0', 'forgets what is below 0', (real) => ({
  confirm: async (reservation, members, amounts) => {
    await real.confirm(reservation, members, amounts)
    const [money] = await real.budgets(['money'])
    if ((money?.left ?? 0) < 0) await real.credit('money', -(money?.left ?? 0))
  },
}))
mutant('release: gives back', 'each time', (real) => ({
  release: async (reservation, members) => {
    await real.release(reservation, members)
    if (members?.length === 1) await real.credit('money', 10)
  },
}))
mutant('release: without members, all that are not confirmed', 'none', (real) => ({
  release: async (reservation, members) => real.release(reservation, members ?? []),
}))
mutant('release: without members, all that are not confirmed', 'what was confirmed as well', (real) => ({
  release: async (reservation, members) => {
    if (members === undefined) await real.credit('money', 20)
    return real.release(reservation, members)
  },
}))
mutant('confirm: every budget of a member', 'the first one only', (real) => {
  const seen = new Set<string>()
  return {
    reserve: async (reservation, all) => {
      const fresh = all.filter(
        ({ member }) => !seen.has(`${reservation} ${member}`) && seen.add(`${reservation} ${member}`),
      )
      const granted = await real.reserve(reservation, fresh)
      return all.map((line) => granted[fresh.indexOf(line)] ?? true)
    },
  }
})
mutant('reserve: of many at once, never more than is left', 'reads, then writes', (real) => ({
  reserve: together(async (reservation, all) => real.reserve(reservation, all)),
}))
mutant(
  'reserve: of many at once, never more than is left',
  'one too much',
  lines((line, reservation) => (reservation === 'r9' ? { ...line, amount: 0 } : line)),
)

mutant('read: a missing document has version 0', 'is an empty text', (real) => ({
  read: async (keys) => (await real.read(keys)).map((document) => ({ ...document, text: document.text ?? '' })),
}))
mutant('read: a missing document has version 0', 'keys without case', (real) => ({
  read: async (keys) => real.read(keys.map((key) => key.toLowerCase())),
}))
mutant('write: only at the expected version', 'at any', (real) => ({
  write: async (key, text) => real.write(key, text, (await real.read([key]))[0]?.version ?? 0),
}))
mutant('write: of many at once, one writes', 'reads, then writes', (real) => ({
  write: together(async (key, text, version) => real.write(key, text, version)),
}))
mutant('watch: tells of each change, by any process', 'of the first only', (real) => ({
  watch(prefix, changed) {
    const stop = real.watch(prefix, (key) => {
      changed(key)
      stop()
    })
    return stop
  },
}))
mutant('watch: nothing of other keys', 'of all keys', (real) => ({ watch: (_, changed) => real.watch('', changed) }))
mutant('watch: nothing of other keys', 'the prefix is a LIKE pattern', (real) => ({
  watch: (prefix, changed) =>
    real.watch('', (key) => {
      const pattern = prefix.replaceAll('_', '.').replaceAll('%', '.*')
      if (new RegExp(`^${pattern}`).test(key)) changed(key)
    }),
}))
mutant('watch: nothing of other keys', 'of what was not written', (real) => {
  const told: ((key: string) => void)[] = []
  return {
    watch(prefix, changed) {
      told.push(changed)
      return real.watch(prefix, changed)
    },
    write: async (key, text, expected) => {
      const version = await real.write(key, text, expected)
      if (version === undefined) for (const changed of told) changed(key)
      return version
    },
  }
})
mutant('watch: ends when it is told to', 'does not', (real) => ({
  watch(prefix, changed) {
    real.watch(prefix, changed)
    return () => {}
  },
}))

describe('mutants of state', () => {
  testMutants(stateCases, mutants, memorySubject)
})
