import type { ChaosResult } from './run.js'

/** A run on one line. */
export function lineOf(result: ChaosResult): string {
  const { store, pool, mode, way, messages, kills, lost, duplicated, held, done, bound, holds, broken, tookMs } = result
  const what = `${store.padEnd(9)}${pool.padEnd(7)}${mode.padEnd(7)}${way.padEnd(7)}`
  const counts = `lost ${lost}, duplicated ${duplicated}, held ${held}, done ${done} of ${messages}`
  const seconds = `${Math.round(tookMs / 1_000)} s`
  return `${what} ${counts}; ${kills} kills, bound ${bound}; ${seconds}: ${holds ? 'holds' : `BROKEN: ${broken.join('; ')}`}`
}

/** A run field by field. */
export function fieldsOf({ broken, logged, ...result }: ChaosResult): readonly string[] {
  return [
    ...Object.entries(result).map(([name, value]) => `${name.padEnd(14)}${String(value)}`),
    ...Object.entries(logged).map(([text, count]) => `logged        ${count} x ${text}`),
    ...broken.map((text) => `BROKEN        ${text}`),
  ]
}
