/** Sends `count` messages in `width` closed loops: each loop sends its next when its last one is settled. */
export async function inFlight(width: number, count: number, send: () => Promise<void>): Promise<void> {
  let left = count
  const loop = async () => {
    while (left-- > 0) await send()
  }
  await Promise.all(Array.from({ length: width }, loop))
}
