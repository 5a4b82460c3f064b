/** What happened to a task, as `onEvent` is told. */
export type TaskEvent =
  | {
      readonly kind: 'moved'
      readonly verb: string
      readonly from: string | undefined
      readonly to: string
      readonly why?: string
    }
  | { readonly kind: 'run-begun'; readonly run: string }
  | { readonly kind: 'run-ended'; readonly run: string; readonly why?: string }
