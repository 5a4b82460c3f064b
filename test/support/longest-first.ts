import { basename } from 'node:path'
import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/** Files that take longest, longest first: begun late, one of them would run alone in the end. */
const longest = [
  'crash-matrix',
  'memory',
  'bullmq',
  'ledger',
  'same-key',
  'two-versions',
  'new-driver',
  'server-restart',
  'spool-restart',
  'database-worker',
]

/** The longest files begin first, and those of a project stand together: a worker goes on only with files of its own project. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- a sequencer's, no array's.
    const sorted = await super.sort(files)
    const projects = [...new Set(sorted.map(({ project }) => project.name))].toSorted()
    const rank = ({ project, moduleId }: TestSpecification): number => {
      const at = longest.indexOf(basename(moduleId, '.test.ts'))
      return projects.indexOf(project.name) * 1_000 + (at < 0 ? longest.length : at)
    }
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}
