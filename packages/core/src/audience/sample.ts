import { OptionReader } from '../options/index.js'
import type { SampleOf } from './plan.js'

/** One of `share` and `size` is given. */
export interface SampleOptions {
  /** Above 0, at most 1: each is in the sample with this probability. */
  readonly share?: number
  /** So many, or all where there are fewer. */
  readonly size?: number
  /** The same seed picks the same people from every audience that they are in; '' unless told. */
  readonly seed?: string
}

/**
 * Some of an audience, by a hash of seed and id: the same people whenever and wherever it is read. With `size` the first
 * page reads the whole audience once.
 * @throws ReachError `REACH_AUDIENCE_INVALID` naming the option that is wrong.
 */
export function sample<const Part>(of: Part, options: SampleOptions): SampleOf<Part> {
  const reader = new OptionReader('REACH_AUDIENCE_INVALID', 'sample()', options, ['share', 'size', 'seed'])
  return { kind: 'sample', of, ...parseSample(reader) }
}

export function parseSample(reader: OptionReader): Omit<SampleOf<never>, 'kind' | 'of'> {
  const size = reader.whole('size', 1)
  const share = readShare(reader)
  const seed = reader.raw('seed') === '' ? '' : (reader.text('seed') ?? '')
  if ((size === undefined) === (share === undefined)) reader.refuse('share', 'given, or size, and not both')
  return { seed, ...(share !== undefined && { share }), ...(size !== undefined && { size }) }
}

function readShare(reader: OptionReader): number | undefined {
  const share = reader.raw('share')
  if (share === undefined || (typeof share === 'number' && share > 0 && share <= 1)) return share
  return reader.refuse('share', 'a number above 0 and at most 1')
}
