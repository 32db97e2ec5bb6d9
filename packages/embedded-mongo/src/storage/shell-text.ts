import { Binary, type BSONRegExp, type Decimal128, Int32, type ObjectId, type Timestamp } from 'bson'
import { isDoc } from '../bson/doc.ts'
import { type Maybe, T, typeOf, type Value } from '../bson/value.ts'

const quoted = (text: string): string => JSON.stringify(text)

/** A value as the server writes it into its messages. */
export function shellText(value: Maybe): string {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return Number.isInteger(value) ? value.toFixed(1) : String(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Int32) return String(value.value)
  if (Array.isArray(value)) return value.length ? `[ ${value.map(shellText).join(', ')} ]` : '[]'
  if (isDoc(value)) {
    const fields = [...value.entries()].map(([key, inner]) => `${key}: ${shellText(inner)}`)
    return fields.length ? `{ ${fields.join(', ')} }` : '{}'
  }
  return otherText(value)
}

function otherText(value: Value): string {
  switch (typeOf(value)) {
    case T.objectId:
      return `ObjectId('${(value as ObjectId).toHexString()}')`
    case T.date:
      return `new Date(${(value as Date).getTime()})`
    case T.decimal:
      return String(value as Decimal128)
    case T.timestamp:
      return `Timestamp(${(value as Timestamp).t}, ${(value as Timestamp).i})`
    case T.regex:
      return `/${(value as BSONRegExp).pattern}/${(value as BSONRegExp).options}`
    case T.binData: {
      const binary = value as Binary
      return binary.sub_type === Binary.SUBTYPE_UUID
        ? `UUID("${binary.toUUID().toHexString()}")`
        : `BinData(${binary.sub_type}, ${Buffer.from(binary.value()).toString('hex').toUpperCase()})`
    }
    case T.minKey:
      return 'MinKey'
    case T.maxKey:
      return 'MaxKey'
    default:
      return 'undefined'
  }
}
