import {
  audience,
  type Guard,
  type NamedAudience,
  type NamedAudienceOptions,
  type NamedPage,
  type NamedPlan,
  type StandardSchemaV1,
} from '@reachkit/core/directory'
import type { AudienceContext, AudienceFactory } from '@reachkit/core/spec'
import { fieldAt, OptionReader } from '@reachkit/driver-kit'
import { type Service, unavailable } from './service.js'

export interface HttpAudienceOptions {
  /** True where the service answers `GET /audiences/<name>/count`: `{ count }`. */
  readonly count?: boolean
  /** True where it answers `POST /audiences/<name>/has` with `{ ids, args, tenant }`: `{ has: [true, …] }`, one each. */
  readonly has?: boolean
  /**
   * True where it answers `GET /audiences/<name>/zones`: `{ zones: ['Asia/Shanghai', null] }`, and a page of those alone
   * who live in `zones`, which then stands in the query as JSON.
   */
  readonly zones?: boolean
}

/**
 * An audience of the service by its name: list it in `createReach({ audiences })`, call it with its arguments in a task.
 * `GET /audiences/<name>?cursor=&limit=500&tenant=main&args=<JSON>` answers
 * `{ items: ['id', { id, addresses?, zone?, locale?, columns? }, …], next: 'a cursor of the service' }`. `next` is left out
 * at the end, and `cursor` is empty at first. The same cursor has to lead to the same place days later too.
 */
export interface HttpAudience {
  <Schema extends StandardSchemaV1>(
    name: string,
    options: HttpAudienceOptions & { readonly args: Schema },
  ): NamedAudience<Schema>
  (name: string, options?: HttpAudienceOptions): NamedAudience<undefined>
}

type GivenOptions = HttpAudienceOptions & { readonly args?: StandardSchemaV1 }

export function createHttpAudience(service: Service, guard: Guard): HttpAudience {
  return (name: string, given?: GivenOptions): AudienceFactory & ((args?: unknown) => NamedPlan) => {
    const parts = partsOf(service, guard, name, given ?? {})
    return given?.args === undefined ? audience(name, parts) : audience(name, { ...parts, args: given.args })
  }
}

type Parts = Omit<NamedAudienceOptions<StandardSchemaV1>, 'args'>

function partsOf(service: Service, guard: Guard, name: string, given: GivenOptions): Parts {
  const options = new OptionReader(`audience '${name}'`, given, ['args', 'count', 'has', 'zones'])
  const path = `/audiences/${encodeURIComponent(name)}`
  const get = (below: string, query: Record<string, string | undefined>, { signal }: AudienceContext) =>
    guard.run((end) => service.get(path + below, query, end), signal)
  const parts: Parts = {
    async page(args, { cursor, limit, zones }, of) {
      const where = zones === undefined ? {} : { zones: JSON.stringify(zones) }
      const answer = await get('', { cursor, limit: `${limit}`, ...queryOf(args, of), ...where }, of)
      return pageOf(answer)
    },
  }
  return {
    ...parts,
    ...(options.flag('count') === true && {
      count: async (args: unknown, of: AudienceContext) =>
        fieldAt(await get('/count', queryOf(args, of), of), 'count') as number,
    }),
    ...(options.flag('has') === true && {
      has: async (args: unknown, ids: readonly string[], of: AudienceContext) => {
        const ask = (end: AbortSignal) => service.post(`${path}/has`, { ids, args, tenant: of.tenant }, end)
        return fieldAt(await guard.run(ask, of.signal), 'has') as readonly boolean[]
      },
    }),
    ...(options.flag('zones') === true && {
      zones: async (args: unknown, of: AudienceContext) =>
        fieldAt(await get('/zones', queryOf(args, of), of), 'zones') as readonly (string | null)[],
    }),
  }
}

function queryOf(args: unknown, { tenant }: AudienceContext): Record<string, string | undefined> {
  return { tenant, args: args === null ? undefined : JSON.stringify(args) }
}

/** Core checks each item, the cursor and the answers above: they are the service's word. */
function pageOf(answer: unknown): NamedPage {
  const [items, next] = [fieldAt(answer, 'items'), fieldAt(answer, 'next')]
  if (!Array.isArray(items)) throw unavailable('answered JSON without a list of items', 'NO_LIST')
  return { items, ...(next !== undefined && next !== null && { next: next as string }) }
}
