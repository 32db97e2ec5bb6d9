import { emptyScope } from '../aggregate/expression.ts'
import { Doc, isDoc } from '../bson/doc.ts'
import { ServerError } from '../errors.ts'
import type { Condition } from '../query/condition.ts'
import { parseFilter } from '../query/filter.ts'
import type { Collection } from '../storage/collection.ts'

const parsed = new WeakMap<Doc, Condition>()

/** Refuses a document that the collection's validator does not accept. */
export function checkValid(collection: Collection, doc: Doc): void {
  const { options } = collection
  const validator = options.get('validator')
  if (
    !isDoc(validator) ||
    options.get('validationLevel') === 'off' ||
    options.get('validationAction') === 'warn'
  )
    return
  let condition = parsed.get(options)
  if (!condition) {
    condition = parseFilter(validator, { collator: null, scope: emptyScope() })
    parsed.set(options, condition)
  }
  if (condition.matches(doc)) return
  const failing = doc.get('_id')
  throw new ServerError('DocumentValidationFailure', 'Document failed validation', {
    errInfo: Doc.of({
      failingDocumentId: failing,
      details: Doc.of({
        operatorName: validator.firstKey() ?? '',
        specifiedAs: validator,
        reason: 'expression did not match',
      }),
    }),
  })
}
