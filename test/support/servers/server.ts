/** A server that a test may talk to. */
export interface TestServer {
  /** For a client: with the user and, where there is one, the database. */
  readonly url: string
  /** Of the server's process, which changes with a restart; undefined where the address came from the environment. */
  readonly pid: number | undefined
  /** Ends it and removes its data; one of the environment is left alone. Again is no error. */
  stop(): Promise<void>
  /** Ends it by this signal (SIGKILL where none is named) and starts it anew on the same port and data. Not for one of the environment. */
  restart?(signal?: NodeJS.Signals): Promise<void>
}

/** The server that an environment variable names, if it names one. */
export function fromEnvironment(variable: string): TestServer | undefined {
  const url = process.env[variable]
  if (url === undefined || url === '') return undefined
  return { url, pid: undefined, stop: async () => {} }
}
