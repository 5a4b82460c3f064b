export interface Progress {
  /** One more is done. */
  step(): void
  end(): void
}

/** Shows how far it is, on standard error: a bar on a terminal, elsewhere a line for each quarter. */
export function startProgress(label: string, total: number): Progress {
  const out = process.stderr
  const parts = out.isTTY ? 100 : 4
  let done = 0
  let shown = -1
  function show(): void {
    const part = total === 0 ? parts : Math.floor((done / total) * parts)
    if (part === shown) return
    shown = part
    const count = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
    const bar = '█'.repeat(Math.round((part / parts) * 30)).padEnd(30, '░')
    out.write(out.isTTY ? `\r${label} ${bar} ${count}` : `${label}: ${count}\n`)
  }
  show()
  return {
    step() {
      done += 1
      show()
    },
    end() {
      if (out.isTTY) out.write('\n')
    },
  }
}
