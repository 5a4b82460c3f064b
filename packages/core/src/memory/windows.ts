import type { WindowAnswer, WindowEntry, WindowRead } from '../spec/index.js'

/** Sliding windows: the members of each key with the time they came, oldest first. */
export class Windows {
  readonly #windows = new Map<string, { members: Map<string, number>; windowMs: number }>()

  enter({ key, member, max, windowMs }: WindowEntry, now: number): WindowAnswer {
    const { members } = this.#window(key, windowMs, now)
    if (members.has(member)) return { entered: true, until: undefined }
    if (members.size < max) {
      members.set(member, now)
      return { entered: true, until: undefined }
    }
    const leaving = [...members.values()][members.size - max]
    return { entered: false, until: leaving === undefined ? undefined : leaving + windowMs }
  }

  leave(key: string, member: string): void {
    this.#windows.get(key)?.members.delete(member)
  }

  members({ key, windowMs, limit }: WindowRead, now: number): readonly string[] {
    const found: string[] = []
    for (const [member, came] of this.#windows.get(key)?.members ?? []) {
      if (found.length >= limit) break
      if (came + windowMs > now) found.push(member)
    }
    return found
  }

  prune(now: number): void {
    for (const [key, { windowMs }] of this.#windows) {
      if (this.#window(key, windowMs, now).members.size === 0) this.#windows.delete(key)
    }
  }

  #window(key: string, windowMs: number, now: number): { members: Map<string, number> } {
    const window = this.#windows.get(key) ?? { members: new Map<string, number>(), windowMs }
    window.windowMs = windowMs
    for (const [member, came] of window.members) {
      if (came + windowMs > now) break
      window.members.delete(member)
    }
    this.#windows.set(key, window)
    return window
  }
}
