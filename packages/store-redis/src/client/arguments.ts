import type { Argument } from './redis-client.js'

/** Keys and arguments of one script call, put together element by element. */
export class Arguments {
  readonly keys: string[] = []
  readonly args: Argument[] = []

  key(...keys: readonly string[]): this {
    for (const key of keys) this.keys.push(key)
    return this
  }

  add(...args: readonly Argument[]): this {
    for (const arg of args) this.args.push(arg)
    return this
  }

  /** An element that the script may skip: how many keys and arguments it has comes first. */
  element(fill: (element: Arguments) => void): this {
    const element = new Arguments()
    fill(element)
    this.add(element.keys.length, element.args.length)
    return this.key(...element.keys).add(...element.args)
  }
}
