import type { ListItem } from '../spec/index.js'

interface List {
  readonly chunks: Map<number, readonly ListItem[]>
  readonly ids: Set<string>
  size: number
}

/** Lists of ids, in chunks that are written once. */
export class Lists {
  readonly #lists = new Map<string, List>()

  append(name: string, chunk: number, items: readonly ListItem[]): void {
    const list = this.#lists.get(name) ?? { chunks: new Map(), ids: new Set(), size: 0 }
    this.#lists.set(name, list)
    if (list.chunks.has(chunk)) return
    list.chunks.set(chunk, [...items])
    list.size += items.length
    for (const { id } of items) list.ids.add(id)
  }

  chunk(name: string, chunk: number): readonly ListItem[] | undefined {
    return this.#lists.get(name)?.chunks.get(chunk)
  }

  has(name: string, id: string): boolean {
    return this.#lists.get(name)?.ids.has(id) === true
  }

  size(name: string): number {
    return this.#lists.get(name)?.size ?? 0
  }

  drop(name: string): void {
    this.#lists.delete(name)
  }
}
