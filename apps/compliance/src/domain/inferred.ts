const prefix = 'inferred-'

/** Whether an opt-out was read from free text, by its cause: `inferred-` and the rule that heard it. */
export const isInferred = (cause: string): boolean => cause.startsWith(prefix)

/** The rule that heard it; the cause itself of anything else. */
export const ruleOf = (cause: string): string => (isInferred(cause) ? cause.slice(prefix.length) : cause)
