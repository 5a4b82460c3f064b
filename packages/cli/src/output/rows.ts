/** Names and values, one a line, the values below each other; what is undefined is left out. */
export function rowsOf(values: Readonly<Record<string, string | undefined>>): string {
  const rows = Object.entries(values).filter((row): row is [string, string] => row[1] !== undefined && row[1] !== '')
  const width = Math.max(0, ...rows.map(([name]) => name.length)) + 2
  return rows.map(([name, value]) => `${name.padEnd(width)}${value}`).join('\n')
}

/** `2030-01-01 09:00:00Z` */
export function instant(date: Date | undefined): string | undefined {
  return date?.toISOString().replace('T', ' ').replace(/\.\d+/, '')
}

/** `997 sent, 3 rejected` */
export function tallyText(tally: Readonly<Record<string, number | undefined>>): string {
  const counts = Object.entries(tally).filter(([, count = 0]) => count > 0)
  return counts.map(([status, count = 0]) => `${count.toLocaleString('en')} ${status}`).join(', ')
}
