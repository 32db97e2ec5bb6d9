export {
  type ComposedText,
  type ComposeRequest,
  composeText,
  defaultOptOutInstruction,
} from './compose-text.ts'
export { countSegments, type SegmentCount } from './count-segments.ts'
export { fieldsOf, renderText, type TemplateFault, templateFault } from './merge-fields.ts'
export { namesKeyword } from './names-keyword.ts'
export { instructsOptOut } from './opt-out-instruction.ts'
