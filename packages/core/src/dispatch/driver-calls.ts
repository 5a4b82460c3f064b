import type { Attempt } from './journey.js'

/** What one call of a driver is about. */
export type DriverCall = Attempt | readonly Attempt[]

/** Calls of one driver each: single ones, or as many as its batch takes. */
export function driverCalls(attempts: readonly Attempt[]): readonly DriverCall[] {
  return attempts.some(takesBatches) ? batchesOf(attempts) : attempts
}

function takesBatches({ provider: { driver } }: Attempt): boolean {
  return driver.deliverBatch !== undefined && driver.capabilities.batch > 1
}

function batchesOf(attempts: readonly Attempt[]): DriverCall[] {
  const calls: DriverCall[] = []
  const open = new Map<string, Attempt[]>()
  for (const attempt of attempts) {
    if (!takesBatches(attempt)) {
      calls.push(attempt)
      continue
    }
    const key = batchKey(attempt)
    const batch = open.get(key)
    if (batch !== undefined && batch.length < attempt.provider.driver.capabilities.batch) {
      batch.push(attempt)
      continue
    }
    const next = [attempt]
    open.set(key, next)
    calls.push(next)
  }
  return calls
}

/** What shares a call: one driver, and one ttl, since a short one would cut off the others. */
function batchKey({ channel, provider, journey }: Attempt): string {
  return `${channel.name}:${provider.name}:${journey.message.expires ?? ''}`
}
