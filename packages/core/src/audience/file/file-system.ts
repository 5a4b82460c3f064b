import * as node from 'node:fs/promises'

/** What is asked of files; `node:fs/promises` answers it. */
export interface FileSystem {
  stat(path: string): Promise<FileStatus>
  open(path: string, flags: 'r'): Promise<OpenFile>
}

export interface FileStatus {
  readonly size: number
  readonly mtimeMs: number
  isFile(): boolean
}

interface OpenFile {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>
  close(): Promise<void>
}

export const nodeFiles: FileSystem = node
