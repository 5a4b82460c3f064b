import type * as sdkTypes from '@aws-sdk/client-sns'
import {
  type DeliveryContext,
  type DeliveryOutcome,
  isNotSentError,
  NotSentError,
  sent,
  unknown,
} from '@reachkit/core/spec'
import { createThinAws, LazySdk, parseSdkError, type ThinAwsSettings } from '@reachkit/driver-kit'
import { type Publish, publishFields } from './publish.js'
import type { SnsClient, SnsSettings } from './sns-options.js'
import { failureOutcome } from './sns-outcome.js'

type Sdk = Pick<typeof sdkTypes, 'SNSClient' | 'PublishCommand'>

/** One way to call Publish. */
export interface SnsSender {
  /** One call, one try. Throws NotSentError, and nothing else, where it certainly was not sent. */
  publish(message: Publish, context: DeliveryContext): Promise<DeliveryOutcome>
  /** Ends what was opened here. */
  close(): Promise<void>
}

/** Without the SDK: the same call, signed and sent by connections of our own. */
export function createThinSnsSender(settings: ThinAwsSettings): SnsSender {
  const aws = createThinAws(settings, 'sns', failureOutcome)
  return {
    publish: async (message, context) => aws.send('Publish', '2010-03-31', publishFields(message), context),
    close: async () => aws.close(),
  }
}

/** The SDK as far as it is used. It is loaded at the first message: its import takes 100 ms and more. */
export class SdkSnsSender implements SnsSender {
  readonly #sdk: LazySdk<Sdk, sdkTypes.SNSClient>

  constructor(settings: SnsSettings, load: () => Promise<Sdk> = () => import('@aws-sdk/client-sns')) {
    const { client, region, credentials, endpoint } = settings
    this.#sdk = new LazySdk({
      load,
      missing: "sns() needs a package: npm install @aws-sdk/client-sns, or client: 'thin'",
      given: isSdkClient(client) ? client : undefined,
      make: (sdk) =>
        new sdk.SNSClient({
          maxAttempts: 1,
          ...(region !== undefined && { region }),
          ...(credentials !== undefined && { credentials }),
          ...(endpoint !== undefined && { endpoint }),
        }),
    })
  }

  async publish(message: Publish, { signal }: DeliveryContext): Promise<DeliveryOutcome> {
    const sdk = await this.#sdk.loaded()
    if (signal.aborted) throw new NotSentError('sns aborted')
    try {
      const command = new sdk.PublishCommand({ ...message, MessageAttributes: { ...message.MessageAttributes } })
      const { MessageId: id } = await this.#sdk.client(sdk).send(command, { abortSignal: signal })
      return id === undefined ? unknown('sns no MessageId') : sent(id)
    } catch (error) {
      if (isNotSentError(error)) throw error
      return failureOutcome(parseSdkError(error))
    }
  }

  /** Ends the client that was made here, and no other. */
  async close(): Promise<void> {
    this.#sdk.close()
  }
}

/** The options have checked that a given client has `send`; it takes the commands of the SDK that it is of. */
function isSdkClient(client: SnsClient | undefined): client is SnsClient & sdkTypes.SNSClient {
  return client !== undefined
}
