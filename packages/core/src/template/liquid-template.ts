import type { Liquid } from 'liquidjs'
import { ReachError } from '../spec/index.js'
import type { Reason } from '../spec/index.js'
import { loadLiquid } from './liquid-engine.js'
import type { LiquidEngines } from './liquid-engine.js'
import { missingValue } from './render-scope.js'
import type { RenderScope, TextPlace, TextTemplate } from './render-scope.js'

/** A template that needs Liquid, parsed; `REACH_TEMPLATE_INVALID` where it cannot be. */
export async function compileLiquid(source: string, place: TextPlace): Promise<TextTemplate> {
  const engines = await loadLiquid()
  const { render, variables } = parse(place.html ? engines.html : engines.text, source, place)
  const tooSlow = failed(place, 'took too long to render')
  const attempt = (scope: RenderScope): string | Reason => {
    try {
      return render(scope)
    } catch (error) {
      return isTimeUp(error) ? tooSlow : reasonOf(error, place, engines)
    }
  }
  // The limit is one of time, and a process that was paused may have used it up for nothing: a second try tells.
  const twice = (scope: RenderScope): string | Reason => {
    const first = attempt(scope)
    return first === tooSlow ? attempt(scope) : first
  }
  return { variables, render: twice }
}

interface Parsed {
  readonly variables: readonly string[]
  readonly render: (scope: RenderScope) => string
}

function parse(engine: Liquid, source: string, place: TextPlace): Parsed {
  try {
    const template = engine.parse(source)
    return {
      variables: engine.globalVariablesSync(template),
      // A copy, also because tags such as `increment` write into it.
      render: (scope) => String(engine.renderSync(template, { ...scope.data, recipient: scope.recipient })),
    }
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : 'it cannot be parsed'
    throw new ReachError('REACH_TEMPLATE_INVALID', `${place.message}: ${place.field}: ${problem}`, { cause })
  }
}

/** Liquid's own message is not used: a filter may put what stands in the data into it. */
function reasonOf(error: unknown, place: TextPlace, { LiquidError, UndefinedVariableError }: LiquidEngines): Reason {
  if (error instanceof UndefinedVariableError) return missingValue(place, error.token.getText())
  if (!(error instanceof LiquidError)) return failed(place, 'cannot be rendered')
  const [line, column] = error.token.getPosition()
  return failed(place, `${isMemoryUp(error) ? 'makes too much text' : 'fails'} in line ${line}, column ${column}`)
}

function failed(place: TextPlace, what: string): Reason {
  return { code: 'content-failed', detail: `${place.field} ${what}` }
}

function isTimeUp(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('template render limit exceeded')
}

function isMemoryUp(error: Error): boolean {
  return error.message.startsWith('memory alloc limit exceeded')
}
