import type { Problem } from '../problem/index.js'

type Trim<Text extends string> = Text extends ` ${infer Rest}` | `${infer Rest} ` ? Trim<Rest> : Text

/** What a template expression starts with: `order` of `order.id | upcase`. */
type Head<Expression extends string> = Expression extends `${infer Start}|${string}` | `${infer Start}.${string}`
  ? Head<Start>
  : Trim<Expression>

/** The variables that the `{{ }}` of a text name. */
type Variables<Text extends string, Found = never> = Text extends `${string}{{${infer Expression}}}${infer Rest}`
  ? Variables<Rest, Found | Head<Expression>>
  : Found

/** What may stand in `{{ }}` beside the fields of the data: the recipient, and quoted texts. */
type Always = 'recipient' | `'${string}` | `"${string}`

/** The variables of a text that are unknown. A text with `{% %}` may make its own: it is left to the run time. */
type UnknownVariables<Text, Known> = Text extends `${string}{%${string}`
  ? never
  : Text extends string
    ? string extends Text
      ? never
      : Exclude<Variables<Text>, Known | Always> & string
    : never

/** `unknown` where every `{{ }}` of a content value, however deep, is a field of the data, or else the problem. */
export type CheckTemplates<Value, Known> = Value extends (...given: never[]) => unknown
  ? unknown
  : Value extends string
    ? [UnknownVariables<Value, Known>] extends [never]
      ? unknown
      : Problem<`{{ ${UnknownVariables<Value, Known>} }} is not a field of data`>
    : Value extends object
      ? OnlyProblems<{ [Field in keyof Value]: CheckTemplates<Value[Field], Known> }>
      : unknown

/** `unknown` where no field has a problem: then nothing is added to what the compiler prints. */
export type OnlyProblems<Checks> = {
  [Field in keyof Checks]: unknown extends Checks[Field] ? never : Field
}[keyof Checks] extends never
  ? unknown
  : Checks
