import type { Channel } from '@reachkit/core/spec'
import { addressSchemaOf, type DriverFields, isRobotName, isWebUrl } from '@reachkit/driver-kit'
import { type WebhookContent, webhookContentSchema } from './webhook-content.js'

/** A url, or the name of an endpoint of the options. A url that holds a secret belongs into the options. */
export type WebhookTarget = string

export type WebhookChannel = Channel<'webhook', WebhookTarget, WebhookContent>

declare global {
  interface ReachChannels {
    webhook: WebhookChannel
  }
}

export const webhookFields: DriverFields<'webhook', WebhookTarget, WebhookContent> = {
  specVersion: 1,
  channel: 'webhook',
  addressing: 'address',
  address: addressSchemaOf(
    (value) => (isRobotName(value) || (isWebUrl(value) && value.length <= 2_000) ? value : undefined),
    'must be an http or https address without a user and password, or the name of an endpoint',
  ),
  content: webhookContentSchema,
  html: [],
}
