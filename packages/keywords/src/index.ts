export {
  type AccountKeywords,
  type Classification,
  type ClassifyContext,
  classify,
  type Intent,
} from './classify.ts'
export { languages } from './languages/index.ts'
export { normalise } from './normalise.ts'
export { type ReadingRule, readingRules } from './reading-rules.ts'
export { helpKeywords, optInKeywords, optOutKeywords } from './standard-keywords.ts'
