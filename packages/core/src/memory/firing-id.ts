/** The entry of a firing. */
export function firingId(task: string, revision: number, instant: number): string {
  return `${task}.${revision}.${instant}`
}
