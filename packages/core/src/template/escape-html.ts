const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
}
const special = /[&<>"']/
const everySpecial = /[&<>"']/g

/** The text, safe inside an HTML element and inside a quoted attribute; the same entities as Liquid's. */
export function escapeHtml(text: string): string {
  return special.test(text) ? text.replace(everySpecial, (character) => entities[character] ?? '') : text
}
