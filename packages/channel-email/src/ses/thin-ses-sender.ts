import type { DeliveryContext, DeliveryOutcome } from '@reachkit/core/spec'
import { createThinAws, type ThinAws, type ThinAwsSettings } from '@reachkit/driver-kit'
import type { ComposedMail } from '../mime/composer.js'
import { failureOutcome } from './ses-outcome.js'
import type { MailSender } from './ses-sender.js'

/** SendRawEmail without the SDK: the same call, signed and sent by connections of our own. */
export class ThinSesSender implements MailSender {
  readonly #aws: ThinAws
  readonly #configurationSet: string | undefined

  constructor(settings: ThinAwsSettings, configurationSet: string | undefined) {
    this.#aws = createThinAws(settings, 'ses', failureOutcome)
    this.#configurationSet = configurationSet
  }

  async send(mail: ComposedMail, context: DeliveryContext): Promise<DeliveryOutcome> {
    const destinations = [mail.to, ...mail.copies].map(
      (address, index) => [`Destinations.member.${index + 1}`, address] as const,
    )
    const fields = {
      Source: mail.returnPath,
      ...Object.fromEntries(destinations),
      'RawMessage.Data': Buffer.from(mail.bytes).toString('base64'),
      ConfigurationSetName: this.#configurationSet,
    }
    return this.#aws.send('SendRawEmail', '2010-12-01', fields, context)
  }

  async close(): Promise<void> {
    await this.#aws.close()
  }
}
