/** What Twilio reads out ("TwiML Voice: <Say>"), as XML. */
export function twimlOf({ text, language, voice, times = 1 }: Say): string {
  const attributes = Object.entries({ language, voice, loop: times === 1 ? undefined : String(times) })
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escapeXml(value)}"`]))
    .join('')
  return `<Response><Say${attributes}>${escapeXml(text)}</Say></Response>`
}

export interface Say {
  readonly text: string
  readonly language?: string | undefined
  readonly voice?: string | undefined
  readonly times?: number | undefined
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Characters that XML 1.0 cannot hold in any form (2.2 of its recommendation) are left out. */
function escapeXml(text: string): string {
  return Buffer.from(text)
    .toString()
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter)
}
