const closings: (() => Promise<void>)[] = []

/**
 * Runs it after each test of every file. For modules that support tests: a worker may load one of them once for many
 * files, and a hook of its own would be of the first file alone.
 */
export function afterEveryTest(close: () => Promise<void>): void {
  closings.push(close)
}

export async function closeAfterTest(): Promise<void> {
  for (const close of closings.toReversed()) await close()
}
