/** Positions as text: `0-49,51,60-62`, in the order in which they were given. */
export function writeRanges(positions: readonly number[]): string {
  let text = ''
  for (let index = 0; index < positions.length; ) {
    const first = positions[index] ?? 0
    let last = first
    index += 1
    while (index < positions.length && positions[index] === last + 1) {
      last += 1
      index += 1
    }
    text += (text === '' ? '' : ',') + (first === last ? `${first}` : `${first}-${last}`)
  }
  return text
}

export function readRanges(text: string): number[] {
  const positions: number[] = []
  if (text === '') return positions
  for (const range of text.split(',')) {
    const dash = range.indexOf('-')
    const first = Number(dash < 0 ? range : range.slice(0, dash))
    const last = dash < 0 ? first : Number(range.slice(dash + 1))
    for (let position = first; position <= last; position += 1) positions.push(position)
  }
  return positions
}

/** Numbers that repeat, as text: `0x50,1x2`; the empty text is no number other than 0. */
export function writeRuns(numbers: readonly number[]): string {
  let text = ''
  for (let index = 0; index < numbers.length; ) {
    const value = numbers[index] ?? 0
    const start = index
    while (index < numbers.length && numbers[index] === value) index += 1
    if (value === 0 && index - start === numbers.length) return ''
    text += `${text === '' ? '' : ','}${value}x${index - start}`
  }
  return text
}

export function readRuns(text: string, length: number): number[] {
  const numbers: number[] = Array.from({ length }, () => 0)
  if (text === '') return numbers
  let index = 0
  for (const run of text.split(',')) {
    const by = run.indexOf('x')
    const value = Number(run.slice(0, by))
    for (let left = Number(run.slice(by + 1)); left > 0; left -= 1) numbers[index++] = value
  }
  return numbers
}
