/**
 * Keys of State. Counters, remembered values, buckets and windows carry a tag each, so that a cluster spreads them;
 * budgets are together, for one reservation may take from several, and so are documents and the list of their changes.
 */
export class StateKeys {
  constructor(readonly prefix: string) {}

  counter(key: string): string {
    return `${this.prefix}:c:{${key}}`
  }
  remembered(key: string): string {
    return `${this.prefix}:m:{${key}}`
  }
  bucket(key: string): string {
    return `${this.prefix}:g:{${key}}`
  }
  window(key: string): string {
    return `${this.prefix}:w:{${key}}`
  }
  get budgets(): string {
    return `{${this.prefix}:budgets}:levels`
  }
  reservation(name: string): string {
    return `{${this.prefix}:budgets}:r:${name}`
  }
  /** That a credit of this name was given. */
  credit(name: string): string {
    return `{${this.prefix}:budgets}:once:${name}`
  }
  document(key: string): string {
    return `{${this.prefix}:documents}:d:${key}`
  }
  get changes(): string {
    return `{${this.prefix}:documents}:changes`
  }
  get changeNumber(): string {
    return `{${this.prefix}:documents}:number`
  }
  /** Where changes of documents are published. */
  get channel(): string {
    return `${this.prefix}:documents`
  }
}
