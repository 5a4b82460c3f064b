import type { ChannelName, ContentFor } from '../channel/index.js'
import type { Problem } from '../problem/index.js'
import type { CheckTemplates, OnlyProblems } from './template-variables.js'

type AnyFunction = (...given: never[]) => unknown

/** The fields of every member of a union. */
type FieldsOf<Content> = Content extends Content ? keyof Content : never

/** What is wrong with content that has the right shape otherwise: a channel, field or variable that does not exist. */
export type CheckContent<Content, Data> = {
  [Name in keyof Content]: Name extends ChannelName
    ? CheckChannel<Name, Content[Name], keyof Data>
    : Problem<`'${Name & string}' is no channel: import its package, or add it to ReachChannels`>
}

type CheckChannel<Name extends ChannelName, Written, Known> = Written extends AnyFunction
  ? unknown
  : OnlyProblems<{
      [Field in keyof Written]: Field extends FieldsOf<ContentFor<Name>>
        ? CheckTemplates<Written[Field], Known>
        : Problem<`content.${Name} has no such field`>
    }>

/** The providers that a channel's content has a block for in `vendors`. */
export type VendorsIn<Written> = Written extends (...given: never[]) => infer Answer
  ? VendorsIn<Answer>
  : Written extends { readonly vendors: infer Vendors }
    ? keyof Vendors & string
    : never
