const declaration = '<?xml version="1.0" encoding="UTF-8"?>'
/** XML 1.0, 2.2: these may not stand in a document, not even escaped. */
const notInXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

/** The answer to a message webhook: Twilio sends `text` to the person, or nothing where there is none. */
export function messageResponse(text?: string): string {
  if (text === undefined || text === '') return `${declaration}<Response/>`
  const escaped = text
    .replace(notInXml, '')
    .replace(/[&<>\r]/g, (character) => escapes[character] ?? character)
  return `${declaration}<Response><Message>${escaped}</Message></Response>`
}
