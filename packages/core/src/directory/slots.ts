/** A few places, and a line of those who wait for one. */
export class Slots {
  #free: number
  readonly #line = new Set<() => void>()

  constructor(count: number) {
    this.#free = count
  }

  /** Resolves with a function that gives the place back, once; rejects with the reason of the signal, out of the line. */
  take(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      const leave = (): void => {
        this.#line.delete(enter)
        reject(signal.reason as Error)
      }
      const enter = (): void => {
        signal.removeEventListener('abort', leave)
        resolve(this.#place())
      }
      if (this.#free > 0) {
        this.#free -= 1
        return enter()
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#line.add(enter)
    })
  }

  #place(): () => void {
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      for (const next of this.#line) {
        this.#line.delete(next)
        return next()
      }
      this.#free += 1
    }
  }
}
