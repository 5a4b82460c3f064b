/** Sentences on how two lists differ; none where both hold the same, each as often, in any order. */
export function differences(what: string, found: readonly string[], wanted: readonly string[]): string[] {
  const missing = without(wanted, found)
  const extra = without(found, wanted)
  return [
    ...(missing.length > 0 ? [`${what}: ${missing.length} missing, such as ${missing[0]}`] : []),
    ...(extra.length > 0 ? [`${what}: ${extra.length} too many, such as ${extra[0]}`] : []),
  ]
}

/** The items that are left when each of the others takes one of them away. */
function without(items: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const other of others) counts.set(other, (counts.get(other) ?? 0) + 1)
  return items.filter((item) => {
    const left = counts.get(item) ?? 0
    counts.set(item, left - 1)
    return left <= 0
  })
}
