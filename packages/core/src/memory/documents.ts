import type { StateDocument } from '../spec/index.js'

/** Versioned documents, and who wants to know of their changes. */
export class Documents {
  readonly #documents = new Map<string, { readonly text: string; readonly version: number }>()
  readonly #watchers = new Set<{ readonly prefix: string; readonly changed: (key: string) => void }>()

  read(key: string): StateDocument {
    return this.#documents.get(key) ?? { text: undefined, version: 0 }
  }

  write(key: string, text: string, expectedVersion: number): number | undefined {
    const { version } = this.read(key)
    if (version !== expectedVersion) return undefined
    this.#documents.set(key, { text, version: version + 1 })
    for (const { prefix, changed } of this.#watchers) if (key.startsWith(prefix)) changed(key)
    return version + 1
  }

  watch(prefix: string, changed: (key: string) => void): () => void {
    const watcher = { prefix, changed }
    this.#watchers.add(watcher)
    return () => {
      this.#watchers.delete(watcher)
    }
  }
}
