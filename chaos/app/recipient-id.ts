const prefix = 'r-'

/** The id of the recipient with this number. */
export function recipientId(number: number): string {
  return `${prefix}${number}`
}

export function recipientNumber(id: string): number {
  return Number(id.slice(prefix.length))
}
