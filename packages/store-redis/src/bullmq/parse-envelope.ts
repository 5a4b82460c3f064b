import type { Envelope, Lane } from '@reachkit/core/spec'

/** The envelope in the data of a job; undefined where it is none of ours. */
export function parseEnvelope(data: string, id: string, lane: Lane): Envelope | undefined {
  const value = parse(data)
  return isEnvelope(value) && value.id === id && value.lane === lane ? value : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A newer `schema` passes: the worker gives back what it does not know. */
function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null) return false
  const { id, tenant, lane, due, weight, cargo } = value as Partial<Record<keyof Envelope, unknown>>
  const texts = [id, tenant, lane].every((one) => typeof one === 'string')
  return texts && typeof due === 'number' && typeof weight === 'number' && typeof cargo === 'object' && cargo !== null
}
