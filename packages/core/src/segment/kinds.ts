/** What a part of a segment can be, each named by the field that makes it so. */
export const kinds = ['all', 'any', 'not', 'attribute', 'group', 'zone', 'event', 'received'] as const
export type Kind = (typeof kinds)[number]
