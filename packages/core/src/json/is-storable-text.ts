/** True for a text that every store keeps as it is: well-formed Unicode without U+0000. */
export function isStorableText(text: string): boolean {
  return !unstorable.test(text)
}

/** With the `u` flag, only a half that stands alone is a surrogate. */
const unstorable = /[\p{Surrogate}\0]/u
