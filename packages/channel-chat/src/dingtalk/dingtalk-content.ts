import { checkFields, contentSchemaOf, type FieldCheck, isFields, must, oneOf } from '@reachkit/driver-kit'
import { flag, lineUpTo, listUpTo, textUpTo, webUrl } from '../shared/content-rules.js'

/** What a DingTalk robot says: `text` as it is, or `markdown` with a title. The whole of it may have 20,000 bytes. */
export interface DingTalkContent {
  readonly text?: string
  /** DingTalk's Markdown. Values of templates are not escaped in it. */
  readonly markdown?: string
  /** What notifications and lists of chats show; with `markdown` only, and needed there. */
  readonly title?: string
  /** Buttons below the Markdown. */
  readonly buttons?: readonly DingTalkButton[]
  /** Whose attention is called for. In Markdown, `@` and the number must stand in the text as well. */
  readonly at?: DingTalkMentions
}

export interface DingTalkButton {
  readonly text: string
  readonly url: string
}

export interface DingTalkMentions {
  readonly mobiles?: readonly string[]
  readonly userIds?: readonly string[]
  readonly all?: boolean
}

const button = checkFields({ text: lineUpTo(200), url: webUrl }, ['text', 'url'])
const ids = listUpTo(100, lineUpTo(64))

const fields = checkFields(
  {
    text: textUpTo(20_000),
    markdown: textUpTo(20_000),
    title: lineUpTo(500),
    buttons: listUpTo(20, button),
    at: checkFields({ mobiles: ids, userIds: ids, all: flag }, []),
  },
  [],
)

const withTitle: FieldCheck = (value, path, faults) => {
  fields(value, path, faults)
  if (!isFields(value)) return
  const { markdown, title, buttons } = value
  must(() => (markdown === undefined) === (title === undefined), 'must be given with markdown, and only there')(
    title,
    [...path, 'title'],
    faults,
  )
  must(() => buttons === undefined || markdown !== undefined, 'must be given with markdown only')(
    buttons,
    [...path, 'buttons'],
    faults,
  )
}

export const dingtalkContentSchema: ReturnType<typeof contentSchemaOf<DingTalkContent>> =
  contentSchemaOf<DingTalkContent>(oneOf(['text', 'markdown'], withTitle))
