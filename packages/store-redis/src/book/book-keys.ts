import { fingerprint } from '../history/fingerprint.js'

/**
 * The recipients of a tenant are cut into so many parts by their ids, each under a tag of its own. A part is small enough
 * for a cluster to move it between nodes, which stand still while a key is copied; and a million spread over all nodes.
 */
const partCount = 16

/** One part of a tenant's book, with the names of its keys. */
export class BookPart {
  readonly #tag: string

  constructor(
    readonly prefix: string,
    tenant: string,
    part: number,
  ) {
    this.#tag = `{${part}:${inTag(tenant)}}`
  }

  /** Recipients with all that is known of them, in the order of their ids. */
  get people(): string {
    return `${this.prefix}:book:${this.#tag}:p`
  }
  /** Who is in a group, or lives in a zone: the name, and the id behind it. */
  get index(): string {
    return `${this.prefix}:book:${this.#tag}:i`
  }
  /** The names that events have, by when the last event of each is forgotten. */
  get eventNames(): string {
    return `${this.prefix}:book:${this.#tag}:n`
  }
  /** When a recipient had events of this name. */
  events(name: string, recipient: string): string {
    return `${this.prefix}:book:${this.#tag}:e:${name.length}:${name}:${recipient}`
  }
}

/** Finds the part that a recipient is in. */
export class BookParts {
  readonly #tenants = new Map<string, readonly BookPart[]>()

  constructor(readonly prefix: string) {}

  all(tenant: string): readonly BookPart[] {
    const known = this.#tenants.get(tenant)
    if (known !== undefined) return known
    const made = Array.from({ length: partCount }, (_, part) => new BookPart(this.prefix, tenant, part))
    this.#tenants.set(tenant, made)
    return made
  }

  of(tenant: string, recipient: string): BookPart {
    const print = Buffer.alloc(1)
    fingerprint(recipient, print, 0, 1)
    const part = this.all(tenant)[(print[0] ?? 0) % partCount]
    if (part === undefined) throw new RangeError('a part of the book is missing')
    return part
  }
}

/** The keys of one list, which are together: a chunk is written with its ids in one step. */
export class ListKeys {
  readonly #start: string

  constructor(prefix: string, list: string) {
    this.#start = `${prefix}:list:{${inTag(list)}}:`
  }

  /** How many items and chunks there are. */
  get sizes(): string {
    return `${this.#start}s`
  }
  get ids(): string {
    return `${this.#start}i`
  }
  chunk(chunk: number): string {
    return `${this.#start}c:${chunk}`
  }
}

/** A brace would end the tag. */
function inTag(name: string): string {
  return name.replaceAll(/[%}]/g, (character) => encodeURIComponent(character))
}
