import { writeFileSync } from 'node:fs'

export interface Customers {
  /** What each address is to get. */
  readonly texts: ReadonlyMap<string, string>
  /** The lines that are no customer. */
  readonly badLines: readonly number[]
}

const cities = ['Berlin', 'Köln', '北京', '"Frankfurt, Oder"', '"New\nYork"'] as const
const bad = ['u,too,few', 'u,too,many,fields,here', 'u,"quoted" badly,x,y'] as const

/** Writes a CSV with a byte order mark: some fields are quoted, with commas and newlines, and each 9,973rd row is broken. */
export function makeCustomers(path: string, rows: number): Customers {
  const texts = new Map<string, string>()
  const badLines: number[] = []
  const lines = ['\uFEFFcustomer,address,first_name,city']
  let line = 2
  for (let row = 1; row <= rows; row += 1) {
    const isBad = row % 9_973 === 0
    const city = cities[row % cities.length] ?? cities[0]
    lines.push(isBad ? (bad[row % bad.length] ?? bad[0]) : `c${row},box ${row},N${row},${city}`)
    if (isBad) badLines.push(line)
    else texts.set(`box ${row}`, `Hello N${row} in ${city.replaceAll('"', '')}`)
    line += isBad || !city.includes('\n') ? 1 : 2
  }
  writeFileSync(path, `${lines.join('\n')}\n`)
  return { texts, badLines }
}
