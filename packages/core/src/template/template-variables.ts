import type { ContentSource } from '../message/definition.js'
import { compileContent } from './compile-content.js'
import type { ContentPlace } from './compile-content.js'

/** The names that content uses, as in `CompiledContent.variables`, for a check that does not send. */
export async function templateVariables(source: ContentSource, where: ContentPlace): Promise<readonly string[]> {
  return (await compileContent(source, { where, html: [] })).variables
}
