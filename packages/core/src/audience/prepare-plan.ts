import type { AudiencePlan, AudienceDraft } from './plan.js'
import type { PlanContext } from './context.js'
import { bookOf } from './book-of.js'
import { copyAudience } from './copy-audience.js'
import { nodeFiles } from './file/file-system.js'
import { prepareFile } from './file/prepare-file.js'
import { openNamed } from './open-named.js'
import type { KnownChannels } from './parse-item.js'

export interface PrepareContext extends PlanContext {
  readonly channels?: KnownChannels
  /** The name of a new list in the book, another one at each call. */
  readonly newList: () => string
  readonly mostItems?: number
}

/** True where something has to be copied, which may take long, and cannot go on after a crash. */
export function needsCopy(draft: AudienceDraft): boolean {
  switch (draft.kind) {
    case 'uncopied':
      return true
    case 'union':
    case 'intersection':
      return draft.of.some(needsCopy)
    case 'difference':
      return needsCopy(draft.of) || needsCopy(draft.without)
    case 'sample':
      return needsCopy(draft.of)
    case 'ids':
    case 'recipients':
    case 'segment':
    case 'named':
    case 'unread-file':
      return false
  }
}

/**
 * Reads what a draft has not read: hashes files and finds their columns, copies iterables into the book, and opens named
 * audiences once, so that wrong arguments are told now.
 * @throws ReachError as `prepareFile`, `copyAudience` and `openAudience` do. What was copied until then is dropped.
 */
export async function preparePlan(draft: AudienceDraft, context: PrepareContext): Promise<AudiencePlan> {
  const lists: string[] = []
  const newList = (): string => {
    const list = context.newList()
    lists.push(list)
    return list
  }
  try {
    return await prepare(draft, { ...context, newList })
  } catch (error) {
    await Promise.allSettled(lists.map(async (list) => context.book?.drop(list)))
    throw error
  }
}

async function prepare(draft: AudienceDraft, context: PrepareContext): Promise<AudiencePlan> {
  switch (draft.kind) {
    case 'ids':
    case 'recipients':
      return draft
    case 'segment':
      bookOf(context.book, 'A segment')
      return draft
    case 'named':
      await (await openNamed(draft, context)).close?.()
      return draft
    case 'unread-file':
      return prepareFile(draft, context.fileSystem ?? nodeFiles, context.signal)
    case 'uncopied':
      return copyAudience(draft, { ...context, list: context.newList() })
    case 'union':
    case 'intersection':
      return { kind: draft.kind, of: await prepareAll(draft.of, context) }
    case 'difference': {
      const [of, without] = [await prepare(draft.of, context), await prepare(draft.without, context)]
      return { kind: 'difference', of, without }
    }
    case 'sample':
      return { ...draft, of: await prepare(draft.of, context) }
  }
}

async function prepareAll(drafts: readonly AudienceDraft[], context: PrepareContext): Promise<readonly AudiencePlan[]> {
  const plans: AudiencePlan[] = []
  for (const draft of drafts) plans.push(await prepare(draft, context))
  return plans
}
