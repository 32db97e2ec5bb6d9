export type Twiml = { readonly ok: true; readonly messages: readonly string[] } | { readonly ok: false }

interface Element {
  readonly name: string
  readonly children: (Element | string)[]
}

const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z_][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * The texts that an answer to a message webhook sends: each `<Message>` of its `<Response>`, by its own text
 * or its `<Body>`. Other verbs send nothing. What is no XML of this form sends nothing either, as at Twilio
 * (error 12100).
 */
export function readTwiml(xml: string): Twiml {
  const root = readXml(xml.replace(/^\ufeff/, ''))
  if (root?.name !== 'Response') return { ok: false }
  const messages = root.children.filter(
    (child) => typeof child !== 'string' && child.name === 'Message',
  ) as Element[]
  return { ok: true, messages: messages.map(messageText).filter((text) => text !== '') }
}

function messageText(message: Element): string {
  const bodies = message.children.filter(
    (child) => typeof child !== 'string' && child.name === 'Body',
  ) as Element[]
  return (bodies.length > 0 ? bodies.map(textOf).join('') : textOf(message)).trim()
}

function textOf(element: Element): string {
  return element.children.filter((child) => typeof child === 'string').join('')
}

/** The root element, or null where the document is not well-formed. */
function readXml(xml: string): Element | null {
  const document: Element = { name: '', children: [] }
  const open = [document]
  token.lastIndex = 0
  while (token.lastIndex < xml.length) {
    const match = token.exec(xml)
    const parent = open.at(-1)
    if (!match || !parent) return null
    const [, cdata, closing, name, , selfClosing, text] = match
    if (cdata !== undefined) parent.children.push(cdata)
    else if (text !== undefined) {
      const plain = unescapeXml(text)
      if (plain === null) return null
      parent.children.push(plain)
    } else if (name !== undefined && closing === '/') {
      if (parent.name !== name || open.length === 1) return null
      open.pop()
    } else if (name !== undefined) {
      const element: Element = { name, children: [] }
      parent.children.push(element)
      if (selfClosing !== '/') open.push(element)
    }
  }
  return open.length === 1 ? onlyElement(document) : null
}

function onlyElement(document: Element): Element | null {
  const children = document.children.filter((child) => typeof child !== 'string' || child.trim() !== '')
  const [root] = children
  return children.length === 1 && root !== undefined && typeof root !== 'string' ? root : null
}

/** Null where an ampersand begins no entity that XML knows. */
function unescapeXml(text: string): string | null {
  let wellFormed = true
  const plain = text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));?|&/g,
    (entity, decimal, hex, name) => {
      const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : null
      const character =
        code === null ? named[name ?? ''] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined
      wellFormed &&= character !== undefined && entity.endsWith(';')
      return character ?? ''
    },
  )
  return wellFormed ? plain : null
}
