const appName = /^[a-z][a-z0-9-]{0,23}$/
const databaseId = /^[A-Za-z0-9_]{1,32}$/

/**
 * `heed_<app>`, or `heed_<app>_<id>` where several lives of the system share a server (the demo, tests).
 * Stays below MongoDB's 63 bytes; throws RangeError for names that could mean another database.
 */
export function databaseName(app: string, id?: string): string {
  if (!appName.test(app)) throw new RangeError(`no app name: ${JSON.stringify(app)}`)
  if (id === undefined || id === '') return `heed_${app}`
  if (!databaseId.test(id)) throw new RangeError(`no database id: ${JSON.stringify(id)}`)
  return `heed_${app}_${id}`
}
