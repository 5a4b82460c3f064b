/** What the vendor answered. */
export interface HttpAnswer {
  readonly status: number
  /** True from 200 to 299. */
  readonly ok: boolean
  /** The value of a header, by its name in lower case. */
  header(name: string): string | undefined
  readonly text: string
  /** The body as JSON; undefined where it is not JSON. */
  readonly json: unknown
}

export function createAnswer(
  status: number,
  header: (name: string) => string | undefined,
  body: readonly Uint8Array[],
): HttpAnswer {
  let text: string | undefined
  let parsed: { readonly json: unknown } | undefined
  return {
    status,
    ok: status >= 200 && status < 300,
    header,
    get text() {
      text ??= Buffer.concat(body).toString()
      return text
    },
    get json() {
      parsed ??= { json: parseJson(this.text) }
      return parsed.json
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The value at a path of unknown JSON, undefined where there is none: `fieldAt(json, 'result', 0, 'id')`. */
export function fieldAt(json: unknown, ...path: readonly (string | number)[]): unknown {
  let value = json
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Readonly<Record<string | number, unknown>>)[name]
  }
  return value
}

/** The text at a path of unknown JSON; undefined for anything but text that is not empty. */
export function textAt(json: unknown, ...path: readonly (string | number)[]): string | undefined {
  const value = fieldAt(json, ...path)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The number at a path of unknown JSON. */
export function numberAt(json: unknown, ...path: readonly (string | number)[]): number | undefined {
  const value = fieldAt(json, ...path)
  return typeof value === 'number' ? value : undefined
}

/** An id or code at a path of unknown JSON, as text: vendors write them as numbers as well. */
export function codeAt(json: unknown, ...path: readonly (string | number)[]): string | undefined {
  const value = fieldAt(json, ...path)
  return typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined
}

/** The list at a path of unknown JSON; empty where there is none. */
export function listAt(json: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const value = fieldAt(json, ...path)
  return Array.isArray(value) ? value : []
}

/** Milliseconds that a Retry-After header asks for (RFC 9110, 10.2.3): seconds, or a date. */
export function retryAfterMs(answer: HttpAnswer, now: number): number | undefined {
  const text = answer.header('retry-after')?.trim() ?? ''
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Number(text) * 1_000
  const at = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
