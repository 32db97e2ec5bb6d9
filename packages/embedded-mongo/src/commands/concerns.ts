import { Timestamp } from 'bson'
import { isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import type { Maybe } from '../bson/value.ts'
import { fail } from '../errors.ts'
import type { Command, Request } from './request.ts'

const levels = new Set(['local', 'available', 'majority', 'linearizable', 'snapshot'])
const snapshotCommands = new Set(['find', 'aggregate', 'distinct'])
const readers = new Set(['find', 'aggregate', 'distinct', 'count', 'listCollections', 'listIndexes'])

function checkRead(request: Request, concern: Maybe): void {
  if (concern === undefined) return
  if (!isDoc(concern))
    fail('TypeMismatch', "BSON field 'readConcern' is the wrong type, expected type 'object'")
  for (const key of concern.keys())
    if (
      ![
        'level',
        'afterClusterTime',
        'atClusterTime',
        'provenance',
        'afterOpTime',
        '$waitLastStableRecoveryTimestamp',
      ].includes(key)
    )
      fail('IDLUnknownField', `BSON field 'readConcern.${key}' is an unknown field.`)
  const level = concern.get('level')
  if (level === undefined) return
  if (typeof level !== 'string')
    fail('TypeMismatch', "BSON field 'readConcern.level' is the wrong type, expected type 'string'")
  if (!levels.has(level))
    fail('BadValue', `Enumeration value '${level}' for field 'readConcern.level' is not a valid value.`)
  if (!readers.has(request.name) && level !== 'local')
    fail('InvalidOptions', `Command ${request.name} does not support { readConcern: { level: "${level}" } }`)
  if (level === 'snapshot' && !snapshotCommands.has(request.name))
    fail('InvalidOptions', `Command ${request.name} does not support { readConcern: { level: "snapshot" } }`)
  const at = concern.get('atClusterTime')
  if (at instanceof Timestamp && !at.equals(request.clock.time))
    fail('SnapshotUnavailable', 'reads at an earlier cluster time are not supported by this server')
  if (concern.has('afterClusterTime') && (level === 'linearizable' || level === 'available'))
    fail(
      'InvalidOptions',
      `afterClusterTime field can be set only if level is equal to majority, local, or snapshot`,
    )
}

function checkWrite(concern: Maybe): void {
  if (concern === undefined) return
  if (!isDoc(concern))
    fail('TypeMismatch', "BSON field 'writeConcern' is the wrong type, expected type 'object'")
  for (const key of concern.keys())
    if (
      !['w', 'j', 'fsync', 'wtimeout', 'provenance', 'wElectionId', 'wOpTime', 'getLastError'].includes(key)
    )
      fail('IDLUnknownField', `BSON field 'writeConcern.${key}' is an unknown field.`)
  const w = concern.get('w')
  if (w === undefined || w === 'majority') return
  if (typeof w === 'string')
    fail('UnknownReplWriteConcern', `No write concern mode named '${w}' found in replica set configuration`)
  if (!isNumeric(w)) fail('FailedToParse', 'w has to be a number, string, or object')
  const members = toDouble(w)
  if (members < 0 || members > 50) fail('FailedToParse', 'w cannot be greater than 50 or less than 0')
  if (members > 1) fail('UnsatisfiableWriteConcern', 'Not enough data-bearing nodes')
}

/** Read and write concerns that one durable member can honour are honoured; others are refused. */
export function checkConcerns(request: Request, command: Command): void {
  checkRead(request, request.body.get('readConcern'))
  if (command.writes || request.name === 'aggregate') checkWrite(request.body.get('writeConcern'))
}
