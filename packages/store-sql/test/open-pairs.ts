import { databases, emptyTables } from './databases.js'
import type { TestDatabase } from './databases.js'
import type { OpenPair } from './ledger-subject.js'
import { movedPair } from './moved-database.js'
import type { MovedPair } from './moved-database.js'

interface Place {
  readonly database: Awaited<ReturnType<TestDatabase['open']>>
  readonly peer: Awaited<ReturnType<TestDatabase['open']>>
  readonly moved: MovedPair
  drop(): Promise<void>
}

/** A few databases with two connections each, one for a case at a time: emptied is quicker than made. */
export function openPairs(
  name: TestDatabase['name'],
  most = 4,
): { readonly open: OpenPair; readonly drop: () => Promise<void> } {
  const free: Place[] = []
  const all: Place[] = []
  const waiting: ((place: Place) => void)[] = []
  let made = 0

  async function make(): Promise<Place> {
    const kind = databases.find((one) => one.name === name)
    if (kind === undefined) throw new Error(`no such database: ${name}`)
    const test = await kind.make()
    // What SQLite promises of a power failure is for no test to see, and its disk is not waited for.
    const settings = { durable: name !== 'sqlite' }
    const database = await test.open(settings)
    const peer = await test.open(settings)
    const place: Place = {
      database,
      peer,
      moved: await movedPair(database, peer),
      async drop() {
        await Promise.all([database.close(), peer.close()])
        await test.drop()
      },
    }
    all.push(place)
    return place
  }

  async function take(): Promise<Place> {
    const known = free.pop()
    if (known !== undefined) return known
    if (made >= most) return new Promise((resolve) => waiting.push(resolve))
    made += 1
    return make()
  }

  return {
    async open() {
      const place = await take()
      await emptyTables(place.database)
      const { database, peer, moved } = place
      return {
        database,
        peer,
        moved,
        async close() {
          const next = waiting.shift()
          if (next === undefined) free.push(place)
          else next(place)
        },
      }
    },
    async drop() {
      await Promise.all(all.map((place) => place.drop()))
    },
  }
}
