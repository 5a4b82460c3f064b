/** A recipient of the book. */
interface ProfileTable {
  readonly tenant: string
  readonly id: string
  /** Null for who has none. */
  readonly zone: string | null
  /** What segments look for, as a JSON list of texts: `book/entries.ts` says which. */
  readonly search: string
  /** The whole profile as JSON. */
  readonly text: string
}

/** Who is in which group: for segments that ask for one. */
interface MembershipTable {
  readonly tenant: string
  readonly name: string
  readonly id: string
}

/** What a recipient did. */
interface EventTable {
  readonly tenant: string
  readonly recipient: string
  readonly name: string
  readonly id: string
  readonly at: number
}

/** A chunk of a list, which never changes. */
interface ListChunkTable {
  readonly list: string
  readonly chunk: number
  readonly size: number
  /** The JSON of its items, compressed where it is long. */
  readonly items: Uint8Array
}

/** Which ids stand in a list. */
interface ListIdTable {
  readonly list: string
  readonly id: string
}

export interface BookTables {
  reach_profile: ProfileTable
  reach_membership: MembershipTable
  reach_event: EventTable
  reach_list_chunk: ListChunkTable
  reach_list_id: ListIdTable
}
