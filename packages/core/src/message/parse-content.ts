import { describeKind, isFields, shownName } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type { ContentSource } from './definition.js'

/** Checks that content has a channel, and for each an object or a function. Its shape is the channel's to check. */
export function parseContent(subject: string, content: unknown): ReadonlyMap<string, ContentSource> {
  if (!isFields(content) || Object.keys(content).length === 0) {
    const given = isFields(content) ? 'an object without one' : describeKind(content)
    throw invalid(subject, `content must be an object with a field for at least one channel, and was ${given}`)
  }
  return new Map(Object.entries(content).map(([channel, source]) => [channel, parseSource(subject, channel, source)]))
}

function parseSource(subject: string, channel: string, source: unknown): ContentSource {
  if (isFields(source) || isContentFunction(source)) return source
  const given = describeKind(source)
  throw invalid(subject, `content.${shownName(channel)} must be an object or a function of the data, and was ${given}`)
}

function isContentFunction(source: unknown): source is (data: never) => unknown {
  return typeof source === 'function'
}

function invalid(subject: string, sentence: string): ReachError {
  return new ReachError('REACH_MESSAGE_INVALID', `${subject}: ${sentence}.`)
}
