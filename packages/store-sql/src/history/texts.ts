/** How long a text may be that lists are searched by, in UTF-16 units; longer ones are cut, in rows and in filters alike. */
export const longestRecipient = 400
export const longestName = 200

/** As it can be stored by every server: PostgreSQL refuses the character 0. */
export function storable(text: string, most: number): string {
  const cut = text.length > most ? text.slice(0, most) : text
  return cut.includes('\u0000') ? cut.replaceAll('\u0000', '\ufffd') : cut
}
