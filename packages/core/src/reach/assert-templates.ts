import type { MessageDefinition } from '../message/index.js'
import { isFields } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type { AnyChannel } from '../spec/index.js'

/**
 * Each message type has a template for every provider that cannot send without one of its own. Content that is a
 * function is known only when it is sent: there the provider's schema or the provider itself refuses.
 */
export function assertTemplates(
  definitions: ReadonlyMap<string, MessageDefinition>,
  channels: ReadonlyMap<string, AnyChannel>,
): void {
  for (const { key, content } of definitions.values()) {
    for (const [name, source] of content) {
      for (const { driver } of channels.get(name)?.drivers ?? []) {
        const { templated } = driver
        if (templated === undefined || hasTemplate(source, templated)) continue
        throw new ReachError(
          'REACH_MESSAGE_INVALID',
          `'${key}': missing: content.${name}.vendors.${templated}, without which '${driver.provider}' cannot send`,
        )
      }
    }
  }
}

function hasTemplate(source: object, vendor: string): boolean {
  if (typeof source === 'function') return true
  const vendors: unknown = 'vendors' in source ? source.vendors : undefined
  return isFields(vendors) && vendors[vendor] !== undefined
}
