/** What is asked of a client: what ioredis' `Redis` and `Cluster` have alike. Replies come as Buffers. */
export interface RedisClient {
  callBuffer(command: string, ...args: (string | Buffer | number)[]): Promise<unknown>
  on(event: string, listener: (error: Error) => void): unknown
  off(event: string, listener: (error: Error) => void): unknown
  disconnect(): void
  quit(): Promise<unknown>
  readonly status: string
  readonly isCluster?: boolean
}

export type Argument = string | Buffer | number

/** A reply of a script: texts as Buffers, numbers, null, and arrays of those. */
export type Reply = Buffer | number | null | readonly Reply[]
