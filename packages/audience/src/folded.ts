/** Letters of any case and width are one: `DNC`, `dnc` and full-width letters name the same tag. */
export const folded = (text: string): string => text.normalize('NFKC').toLowerCase().trim()
