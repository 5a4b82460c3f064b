import { buildSkeleton, type Shape, type Skeleton } from './skeleton.js'

/** Skeletons of the shapes seen lately, `max` at most: the one made first goes first. */
export class SkeletonCache {
  readonly #skeletons = new Map<string, Skeleton>()
  readonly #max: number

  constructor(max = 200) {
    this.#max = max
  }

  get size(): number {
    return this.#skeletons.size
  }

  of(shape: Shape): Skeleton {
    const key = keyOf(shape)
    const known = this.#skeletons.get(key)
    if (known !== undefined) return known
    const skeleton = buildSkeleton(shape)
    const oldest = this.#skeletons.size < this.#max ? undefined : this.#skeletons.keys().next().value
    if (oldest !== undefined) this.#skeletons.delete(oldest)
    this.#skeletons.set(key, skeleton)
    return skeleton
  }
}

function keyOf({ text, html, attachments }: Shape): string {
  const bodies = `${text ? 't' : ''}${html ? 'h' : ''}`
  if (attachments.length === 0) return bodies
  return bodies + JSON.stringify(attachments.map(({ filename, contentType, cid }) => [filename, contentType, cid]))
}
