import { compareTexts, widenSegment } from '@reachkit/core/spec'
import type { BookPage, BookQuery, Profile } from '@reachkit/core/spec'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/dialect.js'
import { codeOf } from '../database/retry.js'
import { compileSegment, isCompiled } from './compile-segment.js'
import { always } from './search.js'
import { selectIds, type Source, sourcesOf, type Stretch, within } from './sources.js'
import { storedTenant, textOf } from './texts.js'

/** So many recipients one statement looks at, at most: it is short, however few of them the segment has. */
const mostLookedAt = 20_000
const fewestLookedAt = 2_000

interface Selection {
  readonly exact: boolean
  /** Undefined for all recipients of the tenant. */
  readonly sources: readonly Source[] | undefined
  /** Selects from `reach_profile as p`, of a stretch. */
  readonly statement: (columns: RawBuilder<unknown>, stretch: Stretch) => RawBuilder<unknown>
}

/** Reads the recipients of a segment in the order of their ids, and counts them. */
export class Pages {
  readonly #database: Database
  #known: boolean | undefined

  constructor(database: Database) {
    this.#database = database
  }

  async page(
    query: BookQuery,
    { after, limit }: { readonly after: string; readonly limit: number },
  ): Promise<BookPage> {
    const selection = this.select(query, await this.#lists())
    const tenant = storedTenant(query.tenant)
    const { exact } = selection
    if (limit < 1) return { profiles: [], next: after, exact }
    const most = Math.min(mostLookedAt, Math.max(fewestLookedAt, 20 * limit))
    const upTo = await this.#end(selection, { tenant, after }, most)
    const found = selection.statement(sql`p.text`, { tenant, after, upTo })
    const { rows } = await sql<{ text: string }>`${found} order by p.id limit ${sql.lit(limit)}`.execute(
      this.#database.db,
    )
    const profiles = rows.map(({ text }) => JSON.parse(text) as Profile)
    return { profiles, next: profiles.length < limit ? upTo : profiles.at(-1)?.id, exact }
  }

  async count(query: BookQuery): Promise<number | undefined> {
    const selection = this.select(query, await this.#lists())
    if (!selection.exact) return undefined
    const tenant = storedTenant(query.tenant)
    let count = 0
    for (let after: string | undefined = ''; after !== undefined; ) {
      const upTo: string | undefined = await this.#end(selection, { tenant, after }, mostLookedAt)
      const found = selection.statement(sql`count(*) as entries`, { tenant, after, upTo })
      const { rows } = await sql<{ entries: number }>`${found}`.execute(this.#database.db)
      count += rows[0]?.entries ?? 0
      after = upTo
    }
    return count
  }

  /** What to look at, and by which condition. */
  select({ tenant, segment, now }: BookQuery, lists = true): Selection {
    const widened = segment && widenSegment(segment, (condition) => isCompiled(condition, lists))
    const place = { dialect: this.#database.dialect, tenant: storedTenant(tenant), now }
    const condition = widened === undefined ? always : compileSegment(widened.segment, place)
    const sources = widened && sourcesOf(widened.segment, now)
    const from = (stretch: Stretch): RawBuilder<unknown> =>
      sources === undefined
        ? sql`reach_profile as p where p.tenant = ${place.tenant} and ${within('p.id', stretch)}`
        : this.#joined(sources, stretch)
    return {
      exact: widened?.exact ?? true,
      sources,
      // The comment keeps it from being prepared for good: there are as many texts as segments.
      statement: (columns, stretch) => sql`/* segment */ select ${columns} from ${from(stretch)} and ${condition}`,
    }
  }

  /** Whether the server can look at the entries of a recipient one by one: TiDB and old releases of MariaDB cannot. */
  async #lists(): Promise<boolean> {
    const { db, dialect } = this.#database
    this.#known ??= dialect.name === 'mysql' ? await hasJsonTable(db) : true
    return this.#known
  }

  /** The ids come first, by their index, then the profile of each by its key. */
  #joined(sources: readonly Source[], stretch: Stretch): RawBuilder<unknown> {
    const { name } = this.#database.dialect
    const ids = sources.map((source) => sql`select id from (${selectIds(source, stretch)}) as s`)
    const together = ids.length === 0 ? sql`select null as id` : sql.join(ids, sql` union `)
    // As many as are looked at, at most. PostgreSQL takes them for few or many as it happens.
    const join = { sqlite: sql`cross join`, postgres: sql`inner join`, mysql: sql`straight_join` }[name]
    return sql`(${together}) as c ${join} reach_profile as p on p.id = c.id and p.tenant = ${stretch.tenant} where 1 = 1`
  }

  /** The id up to which a statement looks; undefined where it can look at all that come. */
  async #end({ sources }: Selection, stretch: Stretch, most: number): Promise<string | undefined> {
    const all = sql`select id from reach_profile where tenant = ${stretch.tenant} and ${within('id', stretch)}`
    const selects = sources === undefined ? [all] : sources.map((source) => selectIds(source, stretch))
    let first: string | undefined
    for (const select of selects) {
      const { rows } = await sql<{ id: string | Uint8Array }>`${select} order by id limit 1 offset ${sql.lit(
        most - 1,
      )}`.execute(this.#database.db)
      const end = rows[0] && textOf(rows[0].id)
      if (end !== undefined && (first === undefined || compareTexts(end, first) < 0)) first = end
    }
    return first
  }
}

const syntaxErrors: ReadonlySet<unknown> = new Set(['ER_PARSE_ERROR', 'ER_SYNTAX_ERROR', 'ER_NOT_SUPPORTED_YET'])

async function hasJsonTable(db: Database['db']): Promise<boolean> {
  try {
    await sql`select v from json_table('["a"]', '$[*]' columns (v varchar(10) path '$')) as e`.execute(db)
    return true
  } catch (error) {
    if (syntaxErrors.has(codeOf(error))) return false
    throw error
  }
}
