/** What a program of a test was given. */
export function settings<Settings>(): Settings {
  return JSON.parse(process.argv[2] ?? '') as Settings
}

/** Answers each message of whoever started this process, which ends with it. Says first that it is ready. */
export function serve<Message>(answer: (message: Message) => Promise<unknown>): void {
  process.on('message', (message) => void answer(message as Message).then((value) => process.send?.(value ?? null)))
  process.on('disconnect', () => process.exit())
  process.send?.('ready')
}
