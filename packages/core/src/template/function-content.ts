import type { Rendered } from './content-plan.js'
import type { RenderScope } from './render-scope.js'

/** Content that the app makes itself. Its strings are taken as they are: nothing is filled in, nothing escaped. */
export function renderByFunction(source: (data: unknown) => unknown, field: string): (scope: RenderScope) => Rendered {
  return ({ data }) => {
    try {
      const content = source(data)
      return content instanceof Promise ? refusePromise(content, field) : { kind: 'rendered', content }
    } catch (error) {
      return failed(`${field} threw ${error instanceof Error ? error.name : 'what is not an error'}`)
    }
  }
}

/** Unheard, its rejection would end the process. */
function refusePromise(content: Promise<unknown>, field: string): Rendered {
  content.catch(() => undefined)
  return failed(`${field} answered a promise; content is made at once, from the data alone`)
}

/** The message of what was thrown is left out: it may hold what stands in the data. */
function failed(detail: string): Rendered {
  return { kind: 'failed', reason: { code: 'content-failed', detail } }
}
