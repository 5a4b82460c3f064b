/**
 * A child process ends with its parent, and by itself after its time at the latest. For the first line of every child.
 */
export function liveWithParent(): void {
  const limitMs = Number(process.env['CHAOS_LIMIT_MS'] ?? 600_000)
  process.on('disconnect', () => process.exit(3))
  setTimeout(() => process.exit(4), limitMs).unref()
  process.on('uncaughtException', (error) => {
    console.error(error)
    process.exit(5)
  })
}

/** Tells the parent; nothing where it is gone. */
export function tellParent(message: object): void {
  if (process.connected) process.send?.(message)
}
