import { settings } from './settings.js'

/** One measure. `--json` prints it as it is. */
export interface Measure {
  /** `<bench>/<peer or limit>` */
  readonly name: string
  /** Medians, in `unit`. For a limit, `peer` is the limit. */
  readonly ours: number
  readonly peer: number
  /** Above 1, ours is better. */
  readonly ratio: number
  readonly unit: string
  readonly rounds: number
  readonly oursMin: number
  readonly oursMax: number
  readonly peerMin?: number
  readonly peerMax?: number
  /** Where `ours` is CPU time: the time that passed, in the same unit. */
  readonly oursWall?: number
  readonly ratioMin?: number
  readonly ratioMax?: number
  /** What a round counts: messages, picks. */
  readonly messages?: number
  /** CPU time of this process for each of them, and the peer's over ours. */
  readonly oursCpuMicros?: number
  readonly peerCpuMicros?: number
  readonly cpuRatio?: number
  /** The bar, and whether `ratio` reaches it. */
  readonly atLeast?: number
  readonly met?: boolean
}

const widths = [38, 7, 10, 26, 26, 10, 12]
let headed = false

/** Prints a measure, and with `--check` makes the process end with 1 where its bar is missed. */
export function report(measure: Measure): void {
  if (settings.json) console.log(JSON.stringify(measure, rounded))
  else printRow(measure)
  if (settings.check && measure.met === false) process.exitCode = 1
}

function printRow(measure: Measure): void {
  if (!headed) console.log(rowOf(['name', 'ratio', 'at least', 'ours', 'peer or limit', 'unit', 'CPU us each']))
  headed = true
  const { name, ratio, atLeast, met, ours, oursMin, oursMax, peer, peerMin, peerMax, unit } = measure
  const { oursCpuMicros, peerCpuMicros } = measure
  console.log(
    rowOf([
      name,
      plain(ratio),
      atLeast === undefined ? '' : `${atLeast} ${met ? 'met' : 'MISSED'}`,
      spread(ours, oursMin, oursMax),
      spread(peer, peerMin, peerMax),
      unit,
      oursCpuMicros === undefined ? '' : `${plain(oursCpuMicros)} / ${plain(peerCpuMicros)}`,
    ]),
  )
}

function rowOf(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join('  ')
    .trimEnd()
}

function spread(median: number, min = median, max = median): string {
  return min === max ? plain(median) : `${plain(median)} (${plain(min)} to ${plain(max)})`
}

function plain(value = Number.NaN): string {
  return value.toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 3 })
}

/** Four figures are more than the machine is steady for. */
function rounded(_key: string, value: number): number
function rounded(_key: string, value: unknown): unknown
function rounded(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4))
}
