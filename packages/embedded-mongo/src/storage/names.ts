import { fail } from '../errors.ts'
import { fullName, type Namespace } from './collection.ts'

/** Refuses what the server refuses as the name of a database or collection. */
export function checkName(namespace: Namespace): void {
  const { db, name } = namespace
  if (!db || db.length > 63 || /[/\\. "$\0]/.test(db))
    fail('InvalidNamespace', `Invalid namespace specified '${fullName(namespace)}'`)
  const wrong =
    name === '' || name.includes('\0') || name.includes('$') || name.startsWith('.') || name.endsWith('.')
  if (wrong || Buffer.byteLength(fullName(namespace)) > 255)
    fail('InvalidNamespace', `Invalid namespace specified '${fullName(namespace)}'`)
  if (name.startsWith('system.') && name !== 'system.profile' && name !== 'system.js')
    fail('InvalidNamespace', `Invalid system namespace: ${fullName(namespace)}`)
}
