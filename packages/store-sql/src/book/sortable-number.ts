const view = new DataView(new ArrayBuffer(8))

/** A number as 16 characters whose order is that of the numbers. `-0` is `0`. */
export function sortableNumber(value: number): string {
  view.setFloat64(0, value + 0)
  const bits = view.getBigUint64(0)
  const negative = bits >> 63n === 1n
  return (negative ? ~bits & 0xffff_ffff_ffff_ffffn : bits | (1n << 63n)).toString(16).padStart(16, '0')
}
