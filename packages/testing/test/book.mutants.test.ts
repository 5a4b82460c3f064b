import { describe } from 'vitest'
import type { Book, BookEvent, ListItem, Profile } from '@reachkit/core/spec'
import { bookCases } from '../src/conformance/index.js'
import type { BookSubject } from '../src/conformance/index.js'
import { both, bounds, parts, readingAs, scalars, texts } from './book-faults.js'
import type { Reading } from './book-faults.js'
import { memorySubject } from './memory-subject.js'
import { replaced, testMutants, without } from './mutants.js'
import type { Mutant } from './mutants.js'

const mutants: Mutant<BookSubject>[] = []
function mutant(killedBy: string, fault: string, faults: (real: Book, subject: BookSubject) => Partial<Book>): void {
  const breaks = (subject: BookSubject): BookSubject => ({
    ...subject,
    book: replaced(subject.book, faults(subject.book, subject)),
  })
  mutants.push({ killedBy, fault, breaks })
}
function misread(killedBy: string, fault: string, reading: Reading): void {
  mutant(killedBy, fault, (_, subject) => readingAs(subject, reading))
}

const upserting =
  (change: (profiles: readonly Profile[]) => readonly Profile[]) =>
  (real: Book): Partial<Book> => ({ upsert: async (tenant, all) => real.upsert(tenant, change(all)) })
const recording =
  (change: (events: readonly BookEvent[]) => readonly BookEvent[]) =>
  (real: Book): Partial<Book> => ({ record: async (tenant, all) => real.record(tenant, change(all)) })
const appending =
  (change: (items: readonly ListItem[]) => readonly ListItem[]) =>
  (real: Book): Partial<Book> => ({ append: async (list, chunk, all) => real.append(list, chunk, change(all)) })

mutant(
  'upsert: a profile comes back as it was given',
  'forgets the devices',
  upserting((all) => all.map((profile) => without(profile, 'devices'))),
)
mutant(
  'upsert: a profile comes back as it was given',
  'cuts what is long',
  upserting((all) => all.map((profile) => ({ ...profile, ...JSON.parse(JSON.stringify(profile, cut)) }))),
)
function cut(_: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > 65_535 ? value.slice(0, 65_535) : value
}
mutant('upsert: replaces each whole', 'keeps the groups of before', (real) => ({
  upsert: async (tenant, all) => {
    for (const profile of all) {
      const [before] = await real.recipients(tenant, [profile.id])
      const groups = [...new Set([...(before?.groups ?? []), ...(profile.groups ?? [])])]
      await real.upsert(tenant, [groups.length === 0 ? profile : { ...profile, groups }])
    }
  },
}))
mutant('upsert: replaces each whole', 'keeps the zone of before', (real) => ({
  upsert: async (tenant, all) => {
    const before = new Map<string, Profile>()
    for (const profile of all) for (const one of await real.recipients(tenant, [profile.id])) before.set(one.id, one)
    await real.upsert(
      tenant,
      all.map((profile) => ({ ...profile, zone: profile.zone ?? before.get(profile.id)?.zone })),
    )
  },
}))
mutant(
  'upsert: the last of one id stays',
  'the first does',
  upserting((all) => all.toReversed()),
)
mutant(
  'upsert: 5,000 at once, and none',
  'only so many as fit',
  upserting((all) => all.slice(0, 4_095)),
)
mutant('upsert: 5,000 at once, and none', 'none is an error', (real) => ({
  upsert: async (tenant, all) => (all.length === 0 ? Promise.reject(new Error('VALUES ()')) : real.upsert(tenant, all)),
}))
mutant('upsert: of many at once, each is whole', 'the groups in a step of their own', (real) => {
  let steps = 0
  return {
    upsert: async (tenant, all) => {
      for (const profile of all) {
        await real.upsert(tenant, [profile])
        for (let left = (steps += 7) % 5; left > 0; left -= 1) await Promise.resolve()
        const [now] = await real.recipients(tenant, [profile.id])
        if (now !== undefined) await real.upsert(tenant, [{ ...now, groups: profile.groups }])
      }
    },
  }
})
mutant('recipients: only those that are there, of another process too', 'spaces at the end do not count', (real) => ({
  recipients: async (tenant, ids) =>
    real.recipients(tenant, [...new Set(ids.flatMap((id) => [id, id.trim(), `${id} `]))]),
}))
mutant('recipients: only those that are there, of another process too', 'the others are empty', (real) => ({
  recipients: async (tenant, ids) => {
    const found = await real.recipients(tenant, ids)
    return ids.map((id) => found.find((one) => one.id === id) ?? { id, addresses: {} })
  },
}))
mutant('recipients: only those that are there, of another process too', 'remembers what it has read', (real) => {
  const read = new Map<string, Promise<readonly Profile[]>>()
  return {
    recipients: async (tenant, ids) => {
      const key = JSON.stringify([tenant, ids.includes('a')])
      const known = read.get(key) ?? real.recipients(tenant, ids)
      read.set(key, known)
      return known
    },
  }
})
mutant('remove: how many there were', 'how many it was given', (real) => ({
  remove: async (tenant, ids) => real.remove(tenant, ids).then(() => ids.length),
}))
mutant('remove: how many there were', 'none of them is gone', (real) => ({
  remove: async (tenant, ids) => (await real.recipients(tenant, ids)).length,
}))

mutant('page: in the order of bytes', "in JavaScript's order", (real) => ({
  page: async (query, page) => {
    const answer = await real.page(query, page)
    return { ...answer, profiles: answer.profiles.toSorted((a, b) => (a.id < b.id ? -1 : 1)) }
  },
}))
mutant('page: in the order of bytes', 'in the order of a dictionary', (real) => ({
  page: async (query, page) => {
    const answer = await real.page(query, page)
    return { ...answer, profiles: answer.profiles.toSorted((a, b) => a.id.localeCompare(b.id)) }
  },
}))
mutant('page: behind an id that need not be there', 'nobody behind an id that is not', (real) => ({
  page: async (query, page) => {
    const known = page.after === '' || (await real.recipients(query.tenant, [page.after])).length === 1
    return known ? real.page(query, page) : { profiles: [], next: undefined, exact: true }
  },
}))
mutant('page: behind an id that need not be there', 'at the id', (real) => ({
  page: async (query, page) => {
    const answer = await real.page(query, page)
    const at = await real.recipients(query.tenant, [page.after])
    return { ...answer, profiles: [...at, ...answer.profiles].slice(0, page.limit) }
  },
}))
mutant('page: of a segment, to its end', 'an empty page is the last', (_, subject) => {
  const { page } = readingAs(subject, {})
  return {
    page: async (...asked) => {
      const answer = await page?.(...asked)
      if (answer === undefined) throw new Error('there is a page')
      return answer.profiles.length === 0 ? { ...answer, next: undefined } : answer
    },
  }
})
mutant('page: each once, while others change', 'by number, not by place', (real) => {
  const offsets = new Map<string, number>()
  return {
    page: async (query, { after, limit }) => {
      const all = await real.page(query, { after: '', limit: 5_000 })
      const from = offsets.get(after) ?? all.profiles.filter(({ id }) => id <= after).length
      const profiles = all.profiles.slice(from, from + limit)
      const next = profiles.at(-1)?.id
      if (next !== undefined) offsets.set(next, from + profiles.length)
      return { ...all, profiles, next: profiles.length < limit ? undefined : next }
    },
  }
})
mutant('page: of nobody', 'the first page is never the last', (real) => ({
  page: async (query, page) => {
    const answer = await real.page(query, page)
    return answer.profiles.length === 0 ? { ...answer, next: answer.next ?? page.after } : answer
  },
}))
mutant('count: of a segment, where the store counts', 'as it was counted first', (real) => {
  const counted = new Map<string, Promise<number | undefined>>()
  return {
    count: async (query) => {
      const key = JSON.stringify([query, (await real.zones(query.tenant)).length])
      const known = counted.get(key) ?? real.count(query)
      counted.set(key, known)
      return known
    },
  }
})
mutant('count: of a segment, where the store counts', 'of those that may be of it', (real) => ({
  count: async ({ segment, ...all }) =>
    real.count(
      segment && 'all' in segment
        ? { ...all, segment: { all: segment.all.slice(0, 1) } }
        : { ...all, ...(segment && { segment }) },
    ),
}))
mutant('zones: each once, of those who are there', 'of those who were there', (real) => {
  const ever = new Set<string | null>()
  return {
    upsert: async (tenant, all) => {
      for (const { zone } of all) ever.add(zone ?? null)
      return real.upsert(tenant, all)
    },
    zones: async () => [...ever],
  }
})
mutant('zones: each once, of those who are there', 'nobody is without one', (real) => ({
  zones: async (tenant) => (await real.zones(tenant)).filter((zone) => zone !== null),
}))
mutant('tenants share nothing', 'case does not tell them apart', (real) => ({
  upsert: async (tenant, all) => real.upsert(tenant.toLowerCase(), all),
}))
mutant('tenants share nothing', 'events belong to all', (real) => ({
  record: async (_, all) => real.record('acme', all),
  events: async (_, ...asked) => real.events('acme', ...asked),
}))

const equal = 'segment: texts are equal by code points'
misread(equal, 'case does not count', both(texts((text) => text.toLowerCase())))
misread(equal, 'spaces at the end do not count', both(texts((text) => text.trimEnd())))
misread(equal, 'forms of normalization do not count', both(texts((text) => text.normalize('NFC'))))
misread(equal, 'only so many characters count', both(texts((text) => text.slice(0, 255))))
const kinds = 'segment: values of two kinds are never equal'
misread(
  kinds,
  'booleans are 1 and 0',
  both((value) => (typeof value === 'boolean' ? Number(value) : value)),
)
misread(kinds, 'all is text', both(String))
misread(kinds, 'texts of digits are numbers', both(texts((text) => (/^\d+$/.test(text) ? JSON.parse(text) : text))))
misread('segment: what is not known does not hold, and not of it does', 'not of it is not known either', {
  segment: parts((part) => {
    if (!('not' in part) || !('attribute' in part.not)) return part
    return { all: [part, { attribute: part.not.attribute, exists: true }] }
  }),
})
misread(
  'segment: numbers compare as numbers',
  'as texts',
  both((value) => (typeof value === 'number' ? `number ${value}` : value)),
)
misread(
  'segment: numbers compare as numbers',
  'as numbers of 32 bits',
  both((value) => (typeof value === 'number' ? Math.fround(value) : value)),
)
misread(
  'segment: texts are ordered by code points',
  'by halves of pairs',
  both(
    texts((text) =>
      Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0')).join(''),
    ),
  ),
)
const starts = 'segment: startsWith takes every character as it is'
misread(starts, '% stands for anything', { segment: bounds(texts((text) => text.replace(/%.*/, ''))) })
misread(starts, 'a backslash stands for what follows', { segment: bounds(texts((text) => text.replaceAll('\\', ''))) })
misread(starts, 'case does not count', {
  ...both(texts((text) => text.toLowerCase())),
})
const lists = 'segment: a list has the values of its elements'
misread(lists, 'a list has no values', { profile: scalarsOnly })
misread(lists, 'each comparison may fit another value', {
  segment: parts((part) => {
    if (!('attribute' in part)) return part
    const { attribute, of, ...comparisons } = part
    const own = { attribute, ...(of && { of }) }
    return { all: Object.entries(comparisons).map(([name, bound]) => ({ ...own, [name]: bound })) }
  }),
})
misread(lists, 'elements have numbers', {
  segment: parts((part) => ('attribute' in part && part.attribute === 'v.0' ? { ...part, attribute: 'v' } : part)),
})
function scalarsOnly(profile: Profile): Profile {
  const kept = Object.entries(profile.attributes ?? {}).filter(([, value]) => !Array.isArray(value))
  return { ...profile, attributes: Object.fromEntries(kept) }
}
const exists = 'segment: exists asks for what is found itself'
misread(exists, 'an empty text is nothing', { profile: scalars((value) => (value === '' ? null : value)) })
misread(exists, 'an empty list is nothing', { profile: emptied })
misread(exists, 'null is something', { profile: scalars((value) => value ?? 'null') })
function emptied(profile: Profile): Profile {
  const entries = Object.entries(profile.attributes ?? {})
  const kept = entries.map(([name, value]) => [name, Array.isArray(value) && value.length === 0 ? null : value])
  return { ...profile, attributes: Object.fromEntries(kept) }
}
misread('segment: a dot steps into an object, and into nothing else', 'a dot is part of a name', {
  profile: (profile) => {
    const { 'v.a': literal, ...attributes } = profile.attributes ?? {}
    return literal === undefined ? profile : { ...profile, attributes: { ...attributes, v: { a: literal } } }
  },
})
misread('segment: a dot steps into an object, and into nothing else', 'case does not count', {
  profile: (profile) => ({ ...profile, attributes: lowered(profile.attributes ?? {}) }),
})
function lowered(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(fields).replaceAll('"V"', '"v"').replaceAll('"A"', '"a"'))
}
const quoted = 'segment: every character of a name but the dot is part of it'
for (const character of [`'`, '"', '%', '\\', '$', '`']) {
  misread(quoted, `${character} is lost`, {
    segment: parts((part) => {
      if (!('attribute' in part)) return part
      return { ...part, attribute: part.attribute.replaceAll(character, '') }
    }),
  })
}
const own = 'segment: id and locale of the recipient itself'
misread(own, 'an attribute of the same name comes before', {
  segment: parts((part) => {
    if (!('attribute' in part)) return part
    const { of: _, ...attribute } = part
    return { any: [part, attribute] }
  }),
})
misread(own, 'an attribute is asked for instead', {
  segment: parts((part) => {
    if (!('attribute' in part)) return part
    const { of: _, ...attribute } = part
    return attribute
  }),
})
const groups = 'segment: groups are told apart by code points'
misread(groups, 'case does not count', {
  profile: (profile) => ({ ...profile, groups: profile.groups?.map((group) => group.toLowerCase()) }),
})
misread(groups, 'a comma stands between them', {
  profile: (profile) => ({ ...profile, groups: profile.groups?.join(',').split(',') }),
})
misread('segment: zones, and who has none', 'null is nowhere', {
  segment: parts((part) => ('zone' in part ? { zone: part.zone.filter((zone) => zone !== null) } : part)),
})
misread('segment: all, any and not, of each other', 'all of nothing is nobody', {
  segment: parts((part) => ('all' in part && part.all.length === 0 ? { any: [] } : part)),
})
misread('segment: all, any and not, of each other', 'the last part does not count', {
  segment: parts((part) => ('all' in part && part.all.length > 2 ? { all: part.all.slice(0, -1) } : part)),
})
const lately = 'segment: so many events lately'
misread(lately, 'the first instant does not count', {
  segment: parts((part) =>
    'event' in part && part.withinMs !== undefined ? { ...part, withinMs: part.withinMs - 1 } : part,
  ),
})
misread(lately, 'once is enough', {
  segment: parts((part) => ('event' in part ? { ...part, times: 1 } : part)),
})
const received = 'segment: was sent so many messages lately'
misread(received, 'of any type', {
  segment: parts((part) => ('received' in part ? { ...part, received: true } : part)),
})
misread(received, 'at any time', {
  segment: parts((part) => {
    if (!('received' in part)) return part
    const { withinMs: _, ...ever } = part
    return ever
  }),
})
for (const seed of [1, 2]) {
  const drawn = `segment: drawn ones hold for the same recipients as in memory (seed ${seed})`
  misread(drawn, 'one of three is not looked for', {
    segment: parts((part) => ('in' in part ? { ...part, in: part.in?.slice(0, 2) ?? [] } : part)),
  })
}

const instants = 'events: those at an instant or later'
mutant(instants, 'not at the instant', (real) => ({
  events: async (tenant, name, ids, since) => real.events(tenant, name, ids, since + 1),
}))
mutant(instants, 'not in the future', (real, { now }) => {
  const past = async (events: readonly BookEvent[]): Promise<readonly BookEvent[]> => {
    const until = await now()
    return events.filter(({ at }) => at <= until)
  }
  return { record: async (tenant, all) => real.record(tenant, await past(all)) }
})
mutant(instants, 'only of those who have some', (real) => ({
  events: async (...asked) => (await real.events(...asked)).filter((count) => count > 0),
}))
const twice = 'record: told twice, kept once'
mutant(twice, 'each time', (real) => {
  let told = 0
  return recording((all) => all.map((event) => ({ ...event, id: `${event.id} ${told++}` })))(real)
})
mutant(
  twice,
  'the last of them stays',
  recording((all) => all.toReversed()),
)
mutant(twice, 'one id is one event, whoever it is of', (real) => {
  const known = new Set<string>()
  return recording((all) => all.filter(({ id }) => !known.has(id) && known.add(id)))(real)
})
mutant(
  'record: 5,000 at once, of 500 recipients, and none',
  'only so many as fit',
  recording((all) => all.slice(0, 4_095)),
)
mutant('record: names and ids that have to be quoted', 'case does not count', (real) => ({
  ...recording((all) => all.map((event) => ({ ...event, id: event.id.toLowerCase() })))(real),
}))
mutant('record: names and ids that have to be quoted', 'spaces at the end do not count', (real) => ({
  ...recording((all) => all.map((event) => ({ ...event, name: event.name.trimEnd() })))(real),
}))
mutant('remove: takes the events along', 'only of those who are there', (real) => ({
  remove: async (tenant, ids) =>
    real.remove(
      tenant,
      (await real.recipients(tenant, ids)).map(({ id }) => id),
    ),
}))
mutant('remove: takes the events along', 'it does not', (real) => {
  const events: BookEvent[] = []
  return {
    record: async (tenant, all) => {
      events.push(...all)
      await real.record(tenant, all)
    },
    remove: async (tenant, ids) => {
      const removed = await real.remove(tenant, ids)
      await real.record(
        tenant,
        events.filter(({ recipient }) => ids.includes(recipient)),
      )
      return removed
    },
  }
})

mutant(
  'append: a chunk comes back in its order',
  'in the order of ids',
  appending((all) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1))),
)
mutant('append: a chunk comes back in its order', 'an empty one is none', (real) => ({
  chunk: async (list, chunk) => {
    const items = await real.chunk(list, chunk)
    return items?.length === 0 ? undefined : items
  },
}))
mutant('append: a chunk that is there is left as it is', 'the ids are added', (real) => ({
  append: async (list, chunk, items) => {
    const known = (await real.chunk(list, chunk)) !== undefined
    await real.append(list, known ? chunk + 1_000 : chunk, items)
  },
}))
const has = 'has: one answer each, by code points'
mutant(has, 'case does not count', (real) => ({
  has: async (list, ids) =>
    real.has(
      list,
      ids.map((id) => id.toLowerCase()),
    ),
}))
mutant(has, 'of any list', (real) => ({
  has: async (list, ids) => {
    const answers = await Promise.all([list, 'l', 'other'].map(async (one) => real.has(one, ids)))
    return ids.map((_, index) => answers.some((answer) => answer[index] === true))
  },
}))
mutant(
  'size: every item, one id more than once too',
  'each id once',
  appending((all) => all.filter(({ id }, index) => all.findIndex((one) => one.id === id) === index)),
)
mutant('drop: forgets a list, which may begin anew', 'the first chunk only', (real) => ({
  drop: async (list) => {
    const rest = await real.chunk(list, 1)
    await real.drop(list)
    if (rest !== undefined) await real.append(list, 1, rest)
  },
}))
mutant('drop: forgets a list, which may begin anew', 'and all that begin with its name', (real) => ({
  drop: async (list) => {
    await real.drop(list)
    await real.drop(`${list}2`)
  },
}))
mutant(
  'append: 5,000 at once, looked for by 500',
  'only so many as fit',
  appending((all) => all.slice(0, 4_095)),
)

describe('mutants of the book', () => {
  const slow = /5,000|drawn|as it was given/
  testMutants(bookCases, mutants, memorySubject, ({ name }) => !slow.test(name))
})
