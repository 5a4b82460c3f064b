import { coerce, satisfies, valid } from 'semver'
import type { PushDevice } from '../device/push-device.js'
import type { PushContent, PushText, VariantCondition } from './push-content.js'

/** What one device is sent: the content with the first variant that fits it. */
export function textFor({ variants, ...content }: PushContent, device: PushDevice): PushText {
  const variant = variants?.find(({ when }) => fits(when, device))
  if (variant === undefined) return content
  const { when: _, ...instead } = variant
  const text = { ...content, ...instead }
  return content.vendors === undefined ? text : { ...text, vendors: { ...content.vendors, ...instead.vendors } }
}

/** The platform of a device, by the kind of its address where it is not told. */
export function platformOf(device: PushDevice): string {
  if (device.platform !== undefined) return device.platform
  if ('web' in device) return 'web'
  return 'apns' in device ? 'ios' : 'android'
}

function fits({ platform, appVersion }: VariantCondition, device: PushDevice): boolean {
  if (platform !== undefined && ![platform].flat().includes(platformOf(device))) return false
  return appVersion === undefined || isInRange(device.appVersion, appVersion)
}

/** Apps of phones are often `5.2`, or `5.2.0.1834`: those count as 5.2.0. A test release is in a range by its order. */
function isInRange(version: string | undefined, range: string): boolean {
  const clean = version === undefined ? null : (valid(version) ?? coerce(version))
  return clean !== null && satisfies(clean, range, { includePrerelease: true })
}
