/** What the run's global setup provides; it starts servers only for files that name the kit or stand in `tests/`. */
export function needed(name: string, provided: string | undefined): string {
  if (provided !== undefined) return provided
  throw new Error(
    `${name} was not provided: the test file must import @heed/testkit itself or stand in tests/`,
  )
}
