export {
  type AccountKeywords,
  type Classification,
  type ClassifyContext,
  classify,
  type Intent,
} from './classify.ts'
export { normalise } from './normalise.ts'
export { helpKeywords, optInKeywords, optOutKeywords } from './standard-keywords.ts'
