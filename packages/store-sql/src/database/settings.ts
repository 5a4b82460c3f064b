/** What the stores on a server have in common. */
export interface ServerSettings {
  /** Connections at most. Default 10. */
  readonly connections?: number
  /** How long opening a connection may take, in milliseconds. Default 5,000. */
  readonly connectMs?: number
  /** False opens a store that may lose what it has committed when its server loses power. Default true. */
  readonly durable?: boolean
  /** False leaves the tables as they are. Default true. */
  readonly migrate?: boolean
}

/** Of the connections, a fifth is for urgent messages alone; of very few, none. */
export function shareOut(connections: number): { readonly common: number; readonly reserved: number } {
  const reserved = Math.floor(connections / 5)
  return { common: connections - reserved, reserved }
}
