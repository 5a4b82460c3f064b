import { checkFields, contentSchemaOf, isFields, must, oneOf } from '@reachkit/driver-kit'
import { flag, listUpTo, textUpTo } from '../shared/content-rules.js'

/** What Slack shows: `text` as it is, or `mrkdwn`; with blocks, either is what notifications show. */
export interface SlackContent {
  /** Nothing in it is markup. */
  readonly text?: string
  /** Slack's mrkdwn; values of templates are escaped, so that none can call `<!channel>` or write a link. */
  readonly mrkdwn?: string
  /** Blocks of Block Kit, 50 at most. Values are escaped in their `mrkdwn` texts, and stand as they are elsewhere. */
  readonly blocks?: readonly Readonly<Record<string, unknown>>[]
  /** False: no previews of links. */
  readonly preview?: boolean
}

export const slackContentSchema: ReturnType<typeof contentSchemaOf<SlackContent>> = contentSchemaOf<SlackContent>(
  oneOf(
    ['text', 'mrkdwn'],
    checkFields(
      {
        text: textUpTo(40_000),
        mrkdwn: textUpTo(40_000),
        blocks: listUpTo(50, must(isFields, 'must be an object')),
        preview: flag,
      },
      [],
    ),
  ),
)
