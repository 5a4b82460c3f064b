/** How a text travels: in the alphabet of GSM (160 characters a message), or as UCS-2 (70). */
export interface Segments {
  readonly encoding: 'gsm-7' | 'ucs-2'
  /** Messages that the network counts, and vendors charge for. */
  readonly count: number
}

/** The basic alphabet (3GPP TS 23.038, 6.2.1). */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Its extension: two places each. */
const extended = new Set('\f^{}\\[~]|€')

/** How many messages a text becomes (3GPP TS 23.040, 9.2.3.24.1: a part of several has 7 places less, or 3 of UCS-2). */
export function countSegments(text: string): Segments {
  const places = gsmPlaces(text)
  return places === undefined
    ? {
        encoding: 'ucs-2',
        count: parts(
          Array.from(text, (letter) => letter.length),
          70,
          67,
        ),
      }
    : { encoding: 'gsm-7', count: parts(places, 160, 153) }
}

/** The places that each letter takes, undefined where one is not of the alphabet. */
function gsmPlaces(text: string): number[] | undefined {
  const places: number[] = []
  for (const letter of text) {
    if (basic.has(letter)) places.push(1)
    else if (extended.has(letter)) places.push(2)
    else return undefined
  }
  return places
}

/** No letter is cut in two. */
function parts(places: readonly number[], whole: number, part: number): number {
  const total = places.reduce((sum, one) => sum + one, 0)
  if (total <= whole) return 1
  let count = 1
  let used = 0
  for (const one of places) {
    if (used + one > part) {
      count += 1
      used = 0
    }
    used += one
  }
  return count
}
