import type { AudienceSource } from '../spec/index.js'
import { bookOf } from './book-of.js'
import type { PlanContext } from './context.js'
import { FileSource } from './file/file-source.js'
import { nodeFiles } from './file/file-system.js'
import { FilteredSource, inAll, notIn } from './filtered-source.js'
import { InlineSource } from './inline-source.js'
import { ListSource } from './list-source.js'
import { type Has, membershipOf } from './membership.js'
import { openNamed } from './open-named.js'
import { OpenedAudience } from './opened-audience.js'
import type { AudiencePlan, DifferenceOf, IntersectionOf } from './plan.js'
import { SampleSource } from './sample-source.js'
import { SegmentSource } from './segment-source.js'
import { UnionSource } from './union-source.js'

/**
 * The source that a plan tells of, the same in every process. To be closed, which closes the named audiences in it.
 * @throws ReachError `REACH_BOOK_MISSING`, `REACH_AUDIENCE_UNKNOWN`; what the factory of a named audience throws, as
 * `REACH_AUDIENCE_FAILED`. Files are looked at when the first page is read.
 */
export async function openAudience(plan: AudiencePlan, context: PlanContext): Promise<AudienceSource> {
  const opener = new Opener(context)
  try {
    return new OpenedAudience(await opener.open(plan), opener.named)
  } catch (error) {
    await Promise.allSettled(opener.named.map(async (source) => source.close?.()))
    throw error
  }
}

class Opener {
  readonly #context: PlanContext
  /** What has to be closed. */
  readonly named: AudienceSource[] = []

  constructor(context: PlanContext) {
    this.#context = context
  }

  async open(plan: AudiencePlan): Promise<AudienceSource> {
    const { book, fileSystem = nodeFiles, signal } = this.#context
    switch (plan.kind) {
      case 'ids':
        return new InlineSource(plan.ids.map((id) => ({ id })))
      case 'recipients':
        return new InlineSource(plan.items)
      case 'list':
        return new ListSource(bookOf(book, 'A copied audience'), plan)
      case 'csv':
      case 'ndjson':
        return new FileSource(plan, fileSystem, signal)
      case 'segment':
        return new SegmentSource(plan.segment, bookOf(book, 'A segment'), this.#context)
      case 'named': {
        const source = await openNamed(plan, this.#context)
        this.named.push(source)
        return source
      }
      case 'union':
        return new UnionSource(await this.#openAll(plan.of))
      case 'intersection':
        return this.#intersection(plan)
      case 'difference':
        return this.#difference(plan)
      case 'sample':
        return new SampleSource(await this.open(plan.of), plan, signal)
    }
  }

  async #openAll(plans: readonly AudiencePlan[]): Promise<readonly AudienceSource[]> {
    const sources: AudienceSource[] = []
    for (const plan of plans) sources.push(await this.open(plan))
    return sources
  }

  async #intersection({ of }: IntersectionOf<AudiencePlan>): Promise<AudienceSource> {
    const [first, ...others] = await this.#openAll(of)
    if (first === undefined) return new InlineSource([])
    return new FilteredSource(first, inAll(others.map((other) => this.#membership(other))), others.every(isQuick))
  }

  async #difference({ of, without }: DifferenceOf<AudiencePlan>): Promise<AudienceSource> {
    const [source, excluded] = [await this.open(of), await this.open(without)]
    return new FilteredSource(source, notIn(this.#membership(excluded)), isQuick(excluded))
  }

  #membership(source: AudienceSource): Has {
    return membershipOf(source, this.#context.signal)
  }
}

function isQuick(source: AudienceSource): boolean {
  return source.has !== undefined
}
