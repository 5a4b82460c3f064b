import type { AudienceContext, AudienceFactory, AudienceSource } from '../spec/index.js'

export type AudiencePlan = { readonly kind: 'ids'; readonly ids: readonly string[] }
export type AudienceDraft = AudiencePlan
export type AudienceLike<_Addresses> = readonly string[] | AudiencePlan
export interface Preparing {
  readonly list: string
}
export function parseAudience(value: unknown, _factories: ReadonlyMap<string, AudienceFactory>): AudienceDraft {
  return Array.isArray(value) ? { kind: 'ids', ids: value } : (value as AudiencePlan)
}
export function isDraftReady(_draft: AudienceDraft): boolean {
  return true
}
export async function prepareAudience(draft: AudienceDraft, _preparing: Preparing): Promise<AudiencePlan> {
  return draft
}
export async function openAudience(plan: AudiencePlan, _context: AudienceContext): Promise<AudienceSource> {
  return {
    page: async ({ cursor, limit }) => {
      const from = Number(cursor || 0)
      const items = plan.ids.slice(from, from + limit).map((id) => ({ id }))
      return { items, next: from + limit < plan.ids.length ? String(from + limit) : undefined }
    },
    count: async () => plan.ids.length,
  }
}
