import { errorName } from '../io/error-name.js'
import type { ReachEvent } from '../reach/reach-event.js'
import type { EngineOptions } from './engine-options.js'

/** A listener that throws changes nothing, at once or later. */
export function tellListener({ onEvent, logger }: Pick<EngineOptions, 'onEvent' | 'logger'>, event: ReachEvent): void {
  const failed = (error: unknown): void => logger.error({ error: errorName(error) }, 'the listener onEvent threw')
  try {
    const told: unknown = onEvent?.(event)
    if (told instanceof Promise) told.catch(failed)
  } catch (error) {
    failed(error)
  }
}
