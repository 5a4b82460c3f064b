import type { Liquid, LiquidError, LiquidOptions, UndefinedVariableError } from 'liquidjs'

/** Characters of one template. */
export const parseLimit = 1_000_000
/** Milliseconds of one render, which gets two tries: a runaway template holds the event loop for twice as long. */
const renderLimitMs = 50
/** Characters and array items that one render may make, all together. */
export const memoryLimit = 1_000_000

/** A missing value is an error, but `{% if name %}` and `| default` may ask for one that is not there. */
const liquidOptions: LiquidOptions = {
  strictVariables: true,
  strictFilters: true,
  lenientIf: true,
  ownPropertyOnly: true,
  parseLimit,
  renderLimit: renderLimitMs,
  memoryLimit,
  // Else a missing `{{ size }}` would be the number of globals.
  globals: { size: undefined },
  // Dates do not depend on the machine: UTC and English, unless the template names a zone.
  timezoneOffset: 0,
  locale: 'en-US',
}

const conditions = ['if', 'unless', 'case']
const loops = ['for', 'tablerow', 'cycle', 'break', 'continue']
const variables = ['assign', 'capture', 'increment', 'decrement']
const allowedTags = new Set([...conditions, ...loops, ...variables, 'echo', 'liquid', 'raw', 'comment', '#'])

export interface LiquidEngines {
  readonly text: Liquid
  readonly html: Liquid
  readonly LiquidError: typeof LiquidError
  readonly UndefinedVariableError: typeof UndefinedVariableError
}

let engines: Promise<LiquidEngines> | undefined

/** Liquid takes long to import: it is loaded when the first template needs it. */
export function loadLiquid(): Promise<LiquidEngines> {
  engines ??= import('liquidjs').then(({ Liquid, LiquidError, UndefinedVariableError }) => ({
    text: restrict(new Liquid(liquidOptions)),
    html: restrict(new Liquid({ ...liquidOptions, outputEscape: 'escape' })),
    LiquidError,
    UndefinedVariableError,
  }))
  return engines
}

/** Without the tags that read other files, and without chance: a second render gives the same text. */
function restrict(engine: Liquid): Liquid {
  for (const tag of Object.keys(engine.tags)) if (!allowedTags.has(tag)) delete engine.tags[tag]
  engine.unregisterFilter('sample')
  return engine
}
