import { ServerError } from '../errors.ts'

/** SQLite's result codes (sqlite.org/rescode.html); the low byte is the kind, the rest says more. */
const noMemory = 7
const readOnly = 8
const ioError = 10
const corrupt = 11
const full = 13
const cannotOpen = 14
const noDatabase = 26
/** A write that was not taken (SQLITE_IOERR_WRITE): by a limit on the size of files, a device that is gone. */
const ioErrorWrite = 0x030a

/**
 * What an error of SQLite's means for what is open. A write that the disk refuses leaves a log without the frame
 * that ends its transaction, so that none of it can come back: it is undone, and answered as refused. `lost`
 * where that is not known: a flush that failed, a file that is damaged. Null for an error that is not the disk's.
 *
 * @param wasEnded  SQLite has rolled the transaction back by itself
 */
export function refusalOfDisk(error: Error, wasEnded: boolean): ServerError | 'lost' | null {
  const code = (error as { errcode?: number }).errcode ?? 0
  const kind = code & 0xff
  if (kind === full) return new ServerError('OutOfDiskSpace', 'the disk is full: nothing of this was stored')
  if (kind === readOnly || kind === cannotOpen || code === ioErrorWrite)
    return new ServerError(
      'OperationFailed',
      `the disk takes no writes, nothing of this was stored: ${error.message}`,
    )
  if ([noMemory, ioError, corrupt, noDatabase].includes(kind)) return 'lost'
  return wasEnded ? new ServerError('OperationFailed', `nothing of this was stored: ${error.message}`) : null
}
