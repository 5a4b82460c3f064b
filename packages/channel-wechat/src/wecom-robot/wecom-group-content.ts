import { checkFields, contentSchemaOf, type FieldCheck, must, oneOf } from '@reachkit/driver-kit'
import { utf8Text } from '../wecom/utf8-text.js'

/** What a robot says in its group. */
export type WecomGroupContent =
  | {
      /** 2,048 bytes at most. */
      readonly text: string
      /** Members who are called: userids, or `@all`. */
      readonly mentions?: readonly string[]
    }
  | {
      /** 4,096 bytes at most. `<@userid>` in it calls a member. */
      readonly markdown: string
    }

const userids: FieldCheck = must(
  (value) =>
    Array.isArray(value) &&
    value.length <= 1_000 &&
    value.every((userid) => typeof userid === 'string' && /^(?:@all|[\w.@-]{1,64})$/.test(userid)),
  'must be a list of userids, or @all',
)
const fields = checkFields({ text: utf8Text(2_048), mentions: userids, markdown: utf8Text(4_096) }, [])

/** The limits are those of "Group robots" (https://developer.work.weixin.qq.com/document/path/91770). */
export const wecomGroupContentSchema: ReturnType<typeof contentSchemaOf<WecomGroupContent>> =
  contentSchemaOf<WecomGroupContent>(oneOf(['text', 'markdown'], fields))
