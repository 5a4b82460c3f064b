import type { Random } from '@reachkit/core/spec'
import type { Comparisons, Condition, Profile, Segment } from '@reachkit/core/spec'

const words = ['', 'a', 'A', 'a ', 'ab', 'b', 'é', 'e\u0301', '\uffee', '😀', '1', 'true', '10', '9', '%', '_']
const numbers = [-1.5, 0, 1, 2, 9, 10, 1e21]
const names = ['a', 'b', 'c', 'a.b', 'a.b.c', `q'"%`]
const groups = ['g', 'h', 'G', '😀']
const zones = ['Asia/Shanghai', 'Europe/Berlin', 'UTC']
const locales = ['de', 'de-AT', 'en']

/** Draws segments and recipients that meet: few names and values, with traps among them. The same seed, the same draws. */
export class Draws {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  profile(index: number): Profile {
    return {
      id: `${this.#one(['u', 'U', 'ü', '😀', ''])}${index}`,
      addresses: {},
      ...this.#maybe('attributes', () => this.#attributes()),
      ...this.#maybe('groups', () => groups.filter(() => this.#chance(0.4))),
      ...this.#maybe('zone', () => this.#one(zones)),
      ...this.#maybe('locale', () => this.#one(locales)),
    }
  }

  segment(levels = 3): Segment {
    if (levels === 0 || this.#chance(0.35)) return this.condition()
    const parts = (): Segment[] => Array.from({ length: this.#below(4) }, () => this.segment(levels - 1))
    return this.#one<() => Segment>([
      () => ({ all: parts() }),
      () => ({ any: parts() }),
      () => ({ not: this.segment(levels - 1) }),
    ])()
  }

  condition(): Condition {
    return this.#one<() => Condition>([
      () => this.#attribute(),
      () => this.#attribute(),
      () => this.#attribute(),
      () => ({ attribute: 'id', of: 'recipient', ...this.#comparison(() => this.#one(['u', 'u5', 'ü', '😀', 'z'])) }),
      () => ({ attribute: 'locale', of: 'recipient', ...this.#comparison(() => this.#one(locales)) }),
      () => ({ group: this.#one([...groups, 'nobody']) }),
      () => ({ zone: [this.#one([...zones, null]), this.#one([...zones, null])] }),
      () => ({ event: this.#one(['paid', 'left']), times: 1 + this.#below(3), withinMs: 1 + this.#below(10) }),
      () => ({ event: this.#one(['paid', 'left']) }),
    ])()
  }

  /** The events of one name that a recipient has: how many milliseconds ago each was. */
  ages(): readonly number[] {
    return Array.from({ length: this.#below(4) }, () => this.#below(11))
  }

  #attribute(): Condition {
    const attribute = this.#one(names)
    if (this.#chance(0.15)) return { attribute, exists: this.#chance(0.5) }
    return { attribute, ...this.#comparison(() => this.#one<string | number>([...words, ...numbers])) }
  }

  #comparison(bound: () => string | number): Comparisons {
    return this.#one<() => Comparisons>([
      () => ({ is: this.#chance(0.2) ? this.#chance(0.5) : bound() }),
      () => ({ in: [bound(), bound(), this.#chance(0.5)] }),
      () => ({ above: bound() }),
      () => ({ below: bound(), atLeast: bound() }),
      () => ({ atMost: bound() }),
      () => ({ startsWith: String(bound()) }),
    ])()
  }

  #attributes(): Readonly<Record<string, unknown>> {
    return {
      ...this.#maybe('a', () => (this.#chance(0.4) ? this.#fields('b') : this.#value())),
      ...this.#maybe('b', () => this.#value()),
      ...this.#maybe('c', () => this.#value()),
      ...this.#maybe(`q'"%`, () => this.#value()),
    }
  }

  #fields(name: string): unknown {
    return { [name]: this.#chance(0.4) ? { c: this.#value() } : this.#value() }
  }

  #value(): unknown {
    if (this.#chance(0.25)) return Array.from({ length: this.#below(4) }, () => this.#scalar())
    return this.#scalar()
  }

  #scalar(): unknown {
    return this.#one<() => unknown>([
      () => this.#one(words),
      () => this.#one(words),
      () => this.#one(numbers),
      () => this.#chance(0.5),
      () => null,
    ])()
  }

  #maybe<Name extends string, Value>(name: Name, value: () => Value): { [Key in Name]?: Value } {
    return this.#chance(0.75) ? ({ [name]: value() } as { [Key in Name]?: Value }) : {}
  }

  #one<Item>(items: readonly Item[]): Item {
    const item = items[this.#below(items.length)]
    if (item === undefined) throw new Error('one of several is drawn')
    return item
  }

  #below(count: number): number {
    return Math.floor(this.#random.next() * count)
  }

  #chance(share: number): boolean {
    return this.#random.next() < share
  }
}
