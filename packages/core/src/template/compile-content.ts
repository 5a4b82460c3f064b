import type { ContentSource } from '../message/definition.js'
import { shownName } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import { planContent } from './content-plan.js'
import type { PlacedTemplate, Rendered } from './content-plan.js'
import { containsItself, freezeCopy, isContainer, textsOf } from './content-walk.js'
import type { PlacedText } from './content-walk.js'
import { renderByFunction } from './function-content.js'
import { compileLiquid } from './liquid-template.js'
import { compilePlain } from './plain-template.js'
import type { RenderScope, TextPlace } from './render-scope.js'

export interface ContentPlace {
  /** The key of the message type. */
  readonly message: string
  readonly channel: string
}

export interface CompileOptions {
  readonly where: ContentPlace
  /** The fields of the content whose text is HTML: values are escaped there, and in all that is nested in them. */
  readonly html: readonly string[]
}

/** The content of one channel of one message type, every template parsed: what a worker renders each message with. */
export interface CompiledContent {
  /** The names that its templates use, sorted, without what follows a dot. Empty for a function. */
  readonly variables: readonly string[]
  /**
   * Never throws and never waits. Content without templates is one frozen object for all messages; otherwise what
   * lies on the way to a template is fresh, and the rest is shared and frozen.
   */
  render(scope: RenderScope): Rendered
}

/**
 * Compiles content once, so that all that can be wrong with a template is known before a message is accepted: rejects
 * with `REACH_TEMPLATE_INVALID` naming the message type, the field, line and column. Liquid is loaded only where a
 * template has a tag, a filter, a literal or an index; text with plain `{{ paths }}` is rendered without it.
 */
export async function compileContent(source: ContentSource, options: CompileOptions): Promise<CompiledContent> {
  const field = `content.${options.where.channel}`
  if (typeof source === 'function') {
    return { variables: [], render: renderByFunction(source as (data: unknown) => unknown, field) }
  }
  if (!isContainer(source) || containsItself(source)) throw invalid(options.where)
  const content = freezeCopy(source)
  const templates = await Promise.all([...textsOf(content)].map((text) => compileText(text, options)))
  const names = templates.flatMap(({ template }) => template.variables)
  return { variables: [...new Set(names)].toSorted(), render: planContent(content, templates) }
}

async function compileText({ path, text }: PlacedText, { where, html }: CompileOptions): Promise<PlacedTemplate> {
  const field = ['content', where.channel, ...path].join('.')
  const place: TextPlace = { message: where.message, field, html: html.includes(path[0] ?? '') }
  return { path, template: compilePlain(text, place) ?? (await compileLiquid(text, place)) }
}

function invalid({ message, channel }: ContentPlace): ReachError {
  const allowed = 'a plain object that does not contain itself, or a function of the data'
  return new ReachError('REACH_MESSAGE_INVALID', `${message}: content.${shownName(channel)} must be ${allowed}`)
}
