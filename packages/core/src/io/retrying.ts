import pRetry from 'p-retry'

export interface RetryingOptions {
  readonly signal?: AbortSignal
  /** Tries in all, the direct one included. */
  readonly tries?: number
}

/**
 * Input and output around messages (a directory, a store, a token): one direct call, and only where that fails more of
 * them with backoff. The success path costs nothing. Rejects with the last error when all tries are used up.
 */
export function retrying<T>(work: () => Promise<T>, options: RetryingOptions = {}): Promise<T> {
  try {
    return Promise.resolve(work()).catch(() => retryLater(work, options))
  } catch {
    return retryLater(work, options)
  }
}

function retryLater<T>(work: () => Promise<T>, { signal, tries = 4 }: RetryingOptions): Promise<T> {
  return pRetry(work, {
    retries: tries - 2,
    minTimeout: 50,
    maxTimeout: 2_000,
    randomize: true,
    ...(signal !== undefined && { signal }),
  })
}
