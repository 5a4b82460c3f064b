import type { AudienceContext, AudienceFactory, Book, Profile, Segment } from '../spec/index.js'
import type { FileSystem } from './file/file-system.js'

/** Which of these recipients a segment has, at an instant that its windows of time count from. One answer each. */
type Judge = (segment: Segment, profiles: readonly Profile[], now: number) => Promise<readonly boolean[]>

/** What plans are prepared and opened with. */
export interface PlanContext extends AudienceContext {
  readonly book: Book | undefined
  /** Those that the process has registered, by name. */
  readonly audiences: ReadonlyMap<string, AudienceFactory>
  readonly judge: Judge
  /** Node's own unless told. */
  readonly fileSystem?: FileSystem | undefined
}
