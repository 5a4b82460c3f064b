/**
 * Positions of a parcel with a step each, as the text that scripts read: runs `first-last:step` joined by commas, in
 * the order of the positions.
 */
export function encodeRuns(positions: readonly number[], steps: readonly number[] | number): string {
  let text = ''
  for (let at = 0; at < positions.length; ) {
    const first = positions[at] ?? 0
    const step = stepAt(steps, at)
    let last = first
    at += 1
    while (at < positions.length && positions[at] === last + 1 && stepAt(steps, at) === step) {
      last += 1
      at += 1
    }
    text += `${text === '' ? '' : ','}${first}-${last}:${step}`
  }
  return text
}

function stepAt(steps: readonly number[] | number, at: number): number {
  return typeof steps === 'number' ? steps : (steps[at] ?? 0)
}

export function decodeRuns(text: string): { readonly positions: number[]; readonly steps: number[] } {
  const positions: number[] = []
  const steps: number[] = []
  if (text === '') return { positions, steps }
  for (const run of text.split(',')) {
    const [, first = '0', last = '0', step = '0'] = /^(\d+)-(\d+):(\d+)$/.exec(run) ?? []
    for (let position = Number(first); position <= Number(last); position += 1) {
      positions.push(position)
      steps.push(Number(step))
    }
  }
  return { positions, steps }
}

/** Positions alone, `3,4,9`: what scripts answer of those that were left out. */
export function decodePositions(text: string): ReadonlySet<number> {
  return text === '' ? none : new Set(text.split(',').map(Number))
}

const none: ReadonlySet<number> = new Set()
