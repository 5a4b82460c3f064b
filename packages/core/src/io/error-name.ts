/** What a log line may say of an error that is not ours: its text may hold what must not be logged. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
