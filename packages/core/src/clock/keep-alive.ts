/** Keeps the process alive while there is work; a script that has none left exits by itself. */
export class KeepAlive {
  #holders = 0
  #handle: NodeJS.Timeout | undefined

  hold(): void {
    this.#holders += 1
    if (this.#handle === undefined) this.#handle = setInterval(() => {}, 2 ** 31 - 1)
    else if (this.#holders === 1) this.#handle.ref()
  }

  release(): void {
    this.#holders -= 1
    if (this.#holders === 0) this.#handle?.unref()
  }

  close(): void {
    clearInterval(this.#handle)
    this.#handle = undefined
    this.#holders = 0
  }
}
