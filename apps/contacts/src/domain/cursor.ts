/** Where a reader of changes stands: the rev, and what tells it from the same rev before a restore. */
export interface ChangeMark {
  readonly rev: number
  readonly id: string
}

export const cursorOf = ({ rev, id }: ChangeMark): string => `${rev}.${id}`

/** Of a cursor that the edge has let in: digits, a dot, an id. */
export function markOfCursor(cursor: string): ChangeMark {
  const dot = cursor.indexOf('.')
  return { rev: Number(cursor.slice(0, dot)), id: cursor.slice(dot + 1) }
}
