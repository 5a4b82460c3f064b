import type { StandardSchemaV1 } from '@standard-schema/spec'
import { OptionReader, describeKind, isStandardSchema, issueText, shownName } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import type {
  AudienceContext,
  AudienceFactory,
  AudienceItem,
  AudiencePage,
  AudiencePageRequest,
  AudienceReject,
  AudienceSource,
} from '../spec/index.js'
import { parseArgs } from './parse-args.js'
import type { NamedPlan } from './plan.js'
import type { Zones } from './zones.js'

/** A page as an app answers it: ids, or recipients with what is known of them. */
export interface NamedPage {
  readonly items: readonly (string | AudienceItem)[]
  readonly rejects?: readonly AudienceReject[]
  /** Given back for the next page; left out at the end. Of at most 4,000 characters, and never the cursor that was given. */
  readonly next?: string | undefined
}

export interface NamedAudienceOptions<Schema extends StandardSchemaV1> {
  /** What the arguments look like: any Standard Schema. A task keeps them as they are given, as JSON. */
  readonly args?: Schema
  /** Who comes behind a cursor, which is empty at first; at most `limit`. See `AudienceSource` for what is promised. */
  readonly page: (
    args: StandardSchemaV1.InferOutput<Schema>,
    request: AudiencePageRequest,
    context: AudienceContext,
  ) => Promise<NamedPage>
  /** How many there are, where that is known without reading them all. */
  readonly count?: (args: StandardSchemaV1.InferOutput<Schema>, context: AudienceContext) => Promise<number>
  /** Which of these ids, at most 500, are in it. Without it, an audience that excludes this one reads it whole. */
  readonly has?: (
    args: StandardSchemaV1.InferOutput<Schema>,
    ids: readonly string[],
    context: AudienceContext,
  ) => Promise<readonly boolean[]>
  /** The zones that its recipients live in, null for none; `page` is given `zones` then, and answers who lives there. */
  readonly zones?: (args: StandardSchemaV1.InferOutput<Schema>, context: AudienceContext) => Promise<Zones>
}

/** What `audience` answers: listed in `createReach({ audiences })`, and called with its arguments where a task is created. */
export type NamedAudience<Schema extends StandardSchemaV1 | undefined> = AudienceFactory &
  (Schema extends StandardSchemaV1 ? (args: StandardSchemaV1.InferInput<Schema>) => NamedPlan : () => NamedPlan)

type NoArgs = StandardSchemaV1<null, null>

/**
 * An audience of the app's own, read by pages: `const vips = audience('vips', { args, page })`. A task keeps its name and
 * arguments, so every process that works on tasks lists it under the same name.
 * @throws ReachError `REACH_AUDIENCE_INVALID` naming the field that is wrong.
 */
export function audience<Schema extends StandardSchemaV1>(
  name: string,
  options: NamedAudienceOptions<Schema> & { readonly args: Schema },
): NamedAudience<Schema>
export function audience(name: string, options: NamedAudienceOptions<NoArgs>): NamedAudience<undefined>
export function audience(name: string, options: unknown): AudienceFactory & ((args?: unknown) => NamedPlan) {
  assertOptions(name, options)
  const plan = (args?: unknown): NamedPlan => ({
    kind: 'named',
    name,
    args: parseArgs(args, `audience '${name}': args`),
  })
  const open = async (given: unknown, context: AudienceContext): Promise<AudienceSource> =>
    sourceOf(options, await validArgs(name, options.args, given), context)
  return Object.assign(Object.defineProperty(plan, 'name', { value: name }), { open })
}

function assertOptions(name: unknown, options: unknown): asserts options is NamedAudienceOptions<StandardSchemaV1> {
  if (typeof name !== 'string' || shownName(name) !== name) {
    const text = `audience(): the name must be letters, digits and . _ - : /, at most 64, and was ${describeKind(name)}.`
    throw new ReachError('REACH_AUDIENCE_INVALID', text)
  }
  const known = ['args', 'page', 'count', 'has', 'zones']
  const reader = new OptionReader('REACH_AUDIENCE_INVALID', `audience '${name}'`, options, known)
  if (reader.func('page') === undefined) reader.refuse('page', 'a function')
  for (const field of ['count', 'has', 'zones']) reader.func(field)
  const schema = reader.raw('args')
  if (schema !== undefined && !isStandardSchema(schema))
    reader.refuse('args', 'a schema that follows Standard Schema v1')
}

/** What it answers is checked where it is opened. */
function sourceOf(
  options: NamedAudienceOptions<StandardSchemaV1>,
  args: unknown,
  context: AudienceContext,
): AudienceSource {
  const { page, count, has, zones } = options
  return {
    page: async (request) => (await page(args, request, context)) as AudiencePage,
    ...(count !== undefined && { count: async () => count(args, context) }),
    ...(has !== undefined && { has: async (ids) => has(args, ids, context) }),
    ...(zones !== undefined && { zones: async () => zones(args, context) }),
  }
}

async function validArgs(name: string, schema: StandardSchemaV1 | undefined, given: unknown): Promise<unknown> {
  if (schema === undefined) {
    if (given === null) return null
    throw new ReachError('REACH_AUDIENCE_INVALID', `audience '${name}' has no schema and takes no arguments.`)
  }
  const result = await schema['~standard'].validate(given)
  if (result.issues === undefined) return result.value
  const fields = result.issues.map((issue) => issueText(issue, given)).join('; ')
  throw new ReachError('REACH_AUDIENCE_INVALID', `audience '${name}': the arguments do not fit. ${fields}`)
}
