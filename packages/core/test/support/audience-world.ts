import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AudienceItem, AudienceReject, AudienceSource, Profile, Segment } from '@reachkit/core/spec'
import { onTestFinished } from 'vitest'
import {
  type AudienceDraft,
  type AudiencePlan,
  type PrepareContext,
  openAudience,
  parsePlan,
  preparePlan,
} from '../../src/audience/index.js'
import type { FileSystem } from '../../src/audience/file/file-system.js'

let lists = 0

/** A context without a book; everything in it can be replaced. */
export function audienceContext(given: Partial<PrepareContext> = {}): PrepareContext {
  return {
    tenant: 't1',
    signal: new AbortController().signal,
    now: () => 1_000,
    book: undefined,
    audiences: new Map(),
    judge: async (segment, profiles) => profiles.map((profile) => isInGroup(segment, profile)),
    newList: () => `list-${(lists += 1)}`,
    ...given,
  }
}

/** A segment of tests is a group, or several of them. */
export function isInGroup(segment: Segment, profile: Profile): boolean {
  if ('all' in segment) return segment.all.every((part) => isInGroup(part, profile))
  if ('zone' in segment) return segment.zone.includes(profile.zone ?? null)
  return 'group' in segment && (profile.groups ?? []).includes(segment.group)
}

/** A file of this content, removed when the test is over. */
export function fileOf(content: string | Uint8Array, name = 'people.csv'): string {
  const directory = mkdtempSync(join(tmpdir(), 'reachkit-audience-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

export function draftOf(value: unknown): AudienceDraft {
  return parsePlan(value, { parseSegment: (segment) => segment as Segment })
}

/** The plan of what a caller gives, as another process reads it back. */
export async function planOf(value: unknown, context: PrepareContext = audienceContext()): Promise<AudiencePlan> {
  return JSON.parse(JSON.stringify(await preparePlan(draftOf(value), context))) as AudiencePlan
}

export async function sourceOf(value: unknown, context: PrepareContext = audienceContext()): Promise<AudienceSource> {
  return openAudience(await planOf(value, context), context)
}

export interface WholeAudience {
  readonly items: readonly AudienceItem[]
  readonly rejects: readonly AudienceReject[]
  readonly pages: number
}

/** Every page from the beginning, or from behind a cursor; `limitOf` tells how many the next one may have. */
export async function readAll(
  source: AudienceSource,
  limitOf: () => number = () => 500,
  from = '',
): Promise<WholeAudience> {
  const items: AudienceItem[] = []
  const rejects: AudienceReject[] = []
  let cursor: string | undefined = from
  let pages = 0
  while (cursor !== undefined) {
    const page = await source.page({ cursor, limit: limitOf() })
    items.push(...page.items)
    rejects.push(...(page.rejects ?? []))
    cursor = page.next
    pages += 1
  }
  return { items, rejects, pages }
}

export async function idsOf(source: AudienceSource, limitOf?: () => number): Promise<readonly string[]> {
  return (await readAll(source, limitOf)).items.map(({ id }) => id)
}

/** One file that is there under any path, without a disk. */
export function memoryFile(content: Uint8Array): FileSystem {
  return {
    stat: async () => ({ size: content.length, mtimeMs: 0, isFile: () => true }),
    open: async () => ({
      read: async (buffer, offset, length, position) => {
        const read = content.subarray(position, position + length)
        buffer.set(read, offset)
        return { bytesRead: read.length }
      },
      close: async () => {},
    }),
  }
}
