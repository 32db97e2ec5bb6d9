import type { Language } from '../concepts.ts'
import { chinese, japanese, korean, thai } from './asian.ts'
import { english } from './english.ts'
import { czech, finnish, greek, hungarian, polish, russian, turkish, ukrainian } from './european.ts'
import { danish, dutch, german, norwegian, swedish } from './germanic.ts'
import { catalan, french, italian, portuguese, romanian, spanish } from './romance.ts'
import { arabic, haitian, hebrew, hindi, indonesian, tagalog, vietnamese } from './southern.ts'
import { universal } from './universal.ts'

/** Where two languages share a keyword, the earlier one names it. */
export const languages: readonly Language[] = [
  universal,
  english,
  ...[
    spanish,
    french,
    portuguese,
    german,
    italian,
    dutch,
    polish,
    swedish,
    danish,
    norwegian,
    finnish,
    turkish,
  ],
  ...[vietnamese, tagalog, chinese, japanese, korean, russian, arabic, hindi, haitian],
  ...[czech, hungarian, greek, ukrainian, hebrew, thai, indonesian, catalan, romanian],
]
