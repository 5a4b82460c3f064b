/** How large a segment may be: deeper or longer ones are slow in every store, and no person reads them. */
export const bounds = {
  levels: 20,
  /** Parts of the tree: `all`, `any`, `not` and conditions. */
  parts: 200,
  /** Values listed by `in`, all of them together. */
  values: 2_000,
  /** Bytes of a name of an attribute, a group, an event or a message type. */
  nameBytes: 256,
  /** Bytes of a text that an attribute is compared with. */
  textBytes: 1_024,
} as const
