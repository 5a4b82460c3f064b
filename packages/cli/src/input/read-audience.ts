import { csv, ndjson } from '@reachkit/core'
import { resolve } from 'node:path'
import type { Input } from './parse-arguments.js'
import { UsageError } from './usage-error.js'

/** The audience of a task file: what core takes, or `{ "csv": "customers.csv", "id": "customer" }` and its like. */
export function audienceOf(value: unknown, folder: string): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('csv' in value && typeof value.csv === 'string') {
    const { csv: path, ...options } = value
    return csv(resolve(folder, path), options)
  }
  if ('ndjson' in value && typeof value.ndjson === 'string') {
    const { ndjson: path, ...options } = value
    return ndjson(resolve(folder, path), options)
  }
  return value
}

/** The audience that options name. */
export function readAudience(input: Input, cwd: string): unknown {
  const [csvPath, ndjsonPath, segment, ids] = ['csv', 'ndjson', 'segment', 'ids'].map((name) => input.text(name))
  if ([csvPath, ndjsonPath, segment, ids].filter((each) => each !== undefined).length !== 1) {
    throw new UsageError('The audience is one of --csv, --ndjson, --segment and --ids.')
  }
  if (ids !== undefined) return ids.split(',')
  if (segment !== undefined) return readSegment(segment)
  const options = {
    id: input.text('id'),
    zone: input.text('zone-column'),
    locale: input.text('locale-column'),
    encoding: input.text('encoding'),
    ...(input.has('address') && { address: readAddresses(input.texts('address')) }),
  }
  return audienceOf(csvPath === undefined ? { ndjson: ndjsonPath, ...options } : { csv: csvPath, ...options }, cwd)
}

function readAddresses(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, channel, name] = /^([^=]+)=(.+)$/.exec(pair) ?? []
      if (channel === undefined || name === undefined) throw new UsageError('--address must be channel=column')
      return [channel, name]
    }),
  )
}

function readSegment(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError('--segment must be JSON')
  }
}
