import { isFields } from '@reachkit/driver-kit'

/** Text that mrkdwn shows as it is (Slack, "Escaping text" of "Formatting message text"). */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** mrkdwn whose values were escaped as HTML: Slack knows no entities but those of `&`, `<` and `>`. */
export function asMrkdwn(text: string): string {
  return text.replaceAll('&#34;', '"').replaceAll('&#39;', "'")
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&#34;': '"',
  '&#39;': "'",
}

/** Blocks whose values were escaped as HTML: what is not mrkdwn is literal in Slack, and gets them back as they were. */
export function asBlocks(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/&(?:amp|lt|gt|#34|#39);/g, (entity) => entities[entity] ?? '')
  if (Array.isArray(value)) return value.map(asBlocks)
  if (!isFields(value)) return value
  const isMrkdwn = value['type'] === 'mrkdwn'
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isMrkdwn && name === 'text' && typeof inner === 'string' ? asMrkdwn(inner) : asBlocks(inner),
    ]),
  )
}
