const pending = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * The work's own answer, or a rejection as soon as the signal is aborted, whatever becomes of the work: what the app
 * hands in may hang, and stopping must end all the same. One listener a signal serves all that waits.
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new DOMException('stopped before there was an answer', 'AbortError'))
    if (signal.aborted) {
      // Nobody hears of it any more, a failure either.
      work.catch(() => {})
      return stop()
    }
    const stops = stopsOf(signal)
    stops.add(stop)
    const end = (): void => {
      if (stops.delete(stop)) resolve(work)
    }
    work.then(end, end)
  })
}

function stopsOf(signal: AbortSignal): Set<() => void> {
  const known = pending.get(signal)
  if (known !== undefined) return known
  const stops = new Set<() => void>()
  pending.set(signal, stops)
  signal.addEventListener('abort', () => stops.forEach((stop) => stop()), { once: true })
  return stops
}
