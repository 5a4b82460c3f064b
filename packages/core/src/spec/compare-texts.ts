/**
 * The order of ids and of texts in segments: by code point, which is by byte in UTF-8. Below 0, 0 or above 0. JavaScript's
 * own `<` differs: it puts what is beyond U+FFFF, such as an emoji, before U+E000 to U+FFFF.
 */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index += 1) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)]
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** Moves the halves of a pair, which stand for what is beyond U+FFFF, behind all other code units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit
}
