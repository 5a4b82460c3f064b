import {
  type DeliveryContext,
  type DeliveryOutcome,
  isNotSentError,
  NotSentError,
  sent,
  unknown,
} from '@reachkit/core/spec'
import { LazySdk } from '@reachkit/driver-kit'
import type * as sdkTypes from '@aws-sdk/client-ses'
import type { ComposedMail } from '../mime/composer.js'
import type { SesClient, SesSettings } from './ses-options.js'
import { errorOutcome } from './ses-outcome.js'

type Sdk = Pick<typeof sdkTypes, 'SESClient' | 'SendRawEmailCommand'>

/** One way to send a mail by SES. */
export interface MailSender {
  /** One SendRawEmail; throws NotSentError, and nothing else, where it certainly was not sent. */
  send(mail: ComposedMail, context: DeliveryContext): Promise<DeliveryOutcome>
  /** Ends what was opened here. */
  close(): Promise<void>
}

/** The SDK as far as it is used. It is loaded at the first mail: its import takes 100 ms and more. */
export class SesSender implements MailSender {
  readonly #settings: SesSettings
  readonly #sdk: LazySdk<Sdk, sdkTypes.SESClient>

  constructor(settings: SesSettings, load: () => Promise<Sdk> = () => import('@aws-sdk/client-ses')) {
    this.#settings = settings
    const { client, region, credentials, endpoint } = settings
    this.#sdk = new LazySdk({
      load,
      missing: 'ses() needs a package: npm install @aws-sdk/client-ses',
      given: isSdkClient(client) ? client : undefined,
      make: (sdk) =>
        new sdk.SESClient({
          maxAttempts: 1,
          ...(region !== undefined && { region }),
          ...(credentials !== undefined && { credentials }),
          ...(endpoint !== undefined && { endpoint }),
        }),
    })
  }

  async send(mail: ComposedMail, { signal }: DeliveryContext): Promise<DeliveryOutcome> {
    const sdk = await this.#sdk.loaded()
    if (signal.aborted) throw new NotSentError('ses aborted')
    const { configurationSet } = this.#settings
    const command = new sdk.SendRawEmailCommand({
      Source: mail.returnPath,
      Destinations: [mail.to, ...mail.copies],
      RawMessage: { Data: mail.bytes },
      ...(configurationSet !== undefined && { ConfigurationSetName: configurationSet }),
    })
    try {
      const { MessageId: id } = await this.#sdk.client(sdk).send(command, { abortSignal: signal })
      // SES names every mail that it took: without an id, something else answered.
      return id === undefined ? unknown('ses no MessageId') : sent(id)
    } catch (error) {
      if (isNotSentError(error)) throw error
      return errorOutcome(error)
    }
  }

  /** Ends the client that was made here, and no other. */
  async close(): Promise<void> {
    this.#sdk.close()
  }
}

/** The options have checked that a given client has `send`; it takes the commands of the SDK that it is of. */
function isSdkClient(client: SesClient | undefined): client is SesClient & sdkTypes.SESClient {
  return client !== undefined
}
