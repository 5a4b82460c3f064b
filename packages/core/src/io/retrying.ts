import pRetry from 'p-retry'

export interface RetryingOptions {
  readonly signal?: AbortSignal
  readonly retries?: number
  /** Told of each failure that is tried again. */
  readonly failed?: (error: unknown) => void
}

/**
 * Input and output around messages (a directory, a store, a token): one direct call, and only where that fails a
 * second look with backoff. The success path costs nothing. Throws the last error when all tries are used up.
 */
export async function retrying<T>(work: () => Promise<T>, options: RetryingOptions = {}): Promise<T> {
  try {
    return await work()
  } catch (error) {
    options.failed?.(error)
    return pRetry(work, {
      retries: (options.retries ?? 3) - 1,
      minTimeout: 50,
      maxTimeout: 2_000,
      randomize: true,
      ...(options.signal !== undefined && { signal: options.signal }),
      onFailedAttempt: ({ error: again }) => options.failed?.(again),
    })
  }
}
