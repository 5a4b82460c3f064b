import type { Scripts } from '../client/script.js'
import { list, text } from '../client/replies.js'
import { Keys } from '../keys.js'

/** What is kept under one tag: everything, or one tenant where tenants are isolated. */
export interface Shard {
  readonly keys: Keys
  /** Which generation of digests was seen last, and whether the one before has any. */
  generation: string
  hasPrevious: boolean
}

const rememberedParcels = 20_000

/** Finds the tag under which a tenant or a parcel is kept. */
export class Shards {
  readonly #byTenant = new Map<string, Shard>()
  readonly #byParcel = new Map<string, Shard>()

  constructor(
    readonly scripts: Scripts,
    readonly prefix: string,
    readonly isolated: boolean,
  ) {}

  of(tenant: string): Shard {
    const name = this.isolated ? tenant : ''
    const known = this.#byTenant.get(name)
    if (known !== undefined) return known
    const tag = this.isolated ? `${this.prefix}:${tenant}` : this.prefix
    const shard = { keys: new Keys(tag), generation: '', hasPrevious: false }
    this.#byTenant.set(name, shard)
    return shard
  }

  get #tenants(): string {
    return `{${this.prefix}}:tenants`
  }

  /** Makes a tenant known to all processes, before anything of it is written. */
  async announce(tenants: readonly string[]): Promise<void> {
    if (!this.isolated) return
    const fresh = [...new Set(tenants)].filter((tenant) => !this.#byTenant.has(tenant))
    if (fresh.length > 0) await this.scripts.command('sadd', this.#tenants, ...fresh)
    for (const tenant of fresh) this.of(tenant)
  }

  async all(): Promise<readonly Shard[]> {
    if (!this.isolated) return [this.of('')]
    const tenants = list(await this.scripts.command('smembers', this.#tenants)).map(text)
    return tenants.map((tenant) => this.of(tenant))
  }

  remember(parcel: string, shard: Shard): void {
    if (!this.isolated) return
    if (this.#byParcel.size >= rememberedParcels) this.#byParcel.clear()
    this.#byParcel.set(parcel, shard)
  }

  /**
   * Where each parcel is. An id tells no tenant: what this process does not remember is looked for under every tag. A
   * parcel that is nowhere is left out.
   */
  async locate(parcels: Iterable<string>): Promise<ReadonlyMap<string, Shard>> {
    const found = new Map<string, Shard>()
    const missing: string[] = []
    for (const parcel of new Set(parcels)) {
      const shard = this.isolated ? this.#byParcel.get(parcel) : this.of('')
      if (shard === undefined) missing.push(parcel)
      else found.set(parcel, shard)
    }
    if (missing.length === 0) return found
    const shards = await this.all()
    const places = missing.flatMap((parcel) => shards.map((shard) => ({ parcel, shard })))
    const there = await Promise.all(
      places.map(async ({ parcel, shard }) => {
        const keys = [shard.keys.marks(parcel), shard.keys.archive(parcel)]
        return (await this.scripts.command('exists', ...keys)) !== 0
      }),
    )
    for (const [index, { parcel, shard }] of places.entries()) {
      if (there[index] !== true) continue
      found.set(parcel, shard)
      this.remember(parcel, shard)
    }
    return found
  }
}
