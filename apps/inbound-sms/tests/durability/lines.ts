/** What the process that works on a journal tells of it, one line each. A state is a lane and a text. */
export type Line =
  | {
      readonly is: 'found'
      readonly entries: Readonly<Record<string, string>>
      readonly owners: Readonly<Record<string, string>>
    }
  | { readonly is: 'begun'; readonly id: string; readonly becomes: string | null }
  | { readonly is: 'done'; readonly id: string }
  | { readonly is: 'owner'; readonly number: string; readonly body: string; readonly isDone: boolean }
  | { readonly is: 'claimed'; readonly id: string; readonly isFirst: boolean }
