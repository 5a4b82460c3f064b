/** What a program of a test was given. */
export function settings(): unknown {
  return JSON.parse(process.argv[2] ?? '')
}

/** Answers each message of whoever started this process, which ends with it. Says first that it is ready. */
export function serve(answer: (message: unknown) => Promise<unknown>): void {
  process.on('message', (message) => void answer(message).then((value) => process.send?.(value ?? null)))
  process.on('disconnect', () => process.exit())
  process.send?.('ready')
}
