import { softBreak, type Token } from './tokens.ts'

// English alone: other languages name in their words what they negate. Where "not" stands says what it negates.

const negators = new Set(
  'dont donot not never cant cannot wont didnt doesnt wouldnt shouldnt isnt neither without nor aint'.split(
    ' ',
  ),
)
const bridges = new Set(
  'ever dare you u ya yall guys them it him her us to want wanna wish need mean meant ask asked asking trying tryna going gonna be been being have had planning intending about just really actually even try do of for any anyone reason in me say said like want wanting looking get getting'.split(
    ' ',
  ),
)
const complains = new Set('you u yall they why if since until because when ya people'.split(' '))

/**
 * Whether the word is negated where the sender wants the opposite: "don't stop", "I don't want to opt out". "If you
 * don't stop", "why won't you stop" and "you never stop" complain and are none.
 */
export function isNegated(tokens: readonly Token[], at: number): boolean {
  for (let back = at - 1; back >= Math.max(0, at - 6); back--) {
    const token = tokens[back] as Token
    if (
      negators.has(token) ||
      (token === 'no' && (tokens[back + 1] === 'need' || tokens[back + 1] === 'reason')) ||
      (token === 'hate' && tokens[back + 1] === 'to')
    )
      return !isComplaint(tokens, back)
    if (token === softBreak || !bridges.has(token)) return false
  }
  return false
}

function isComplaint(tokens: readonly Token[], at: number): boolean {
  const before =
    at - (tokens[at - 1] === 'do' || tokens[at - 1] === 'did' || tokens[at - 1] === 'will' ? 2 : 1)
  const subject = tokens[before]
  if (subject !== undefined && complains.has(subject)) return true
  // "Why won't you stop", "can't you stop": the question itself.
  return (
    /^(?:cant|wont|cannot|wouldnt|why)$/.test(tokens[at] ?? '') &&
    /^(?:you|u|ya|yall|this|these|it)$/.test(tokens[at + 1] ?? '')
  )
}

const orders = new Set(
  'text tex txet txt message msg contact send spam email write bother harass disturb solicit call annoy notify sms hit reach communicate use'.split(
    ' ',
  ),
)
const subjects = new Set('i we you u they he she it who ya yall ill youll ive people to did does'.split(' '))
/** These need no object to be understood. */
export const saysAll = new Set('text txt message msg contact email solicit sms'.split(' '))

const between = new Set('need ever please pls again try to you u be even just go dare you ever'.split(' '))

/** Whether somebody is told not to: "do not text me". Not where a subject does not: "you don't text me", "I never text". */
export function isForbidden(tokens: readonly Token[], at: number): boolean {
  if (!orders.has(tokens[at] ?? '')) return false
  for (let back = at - 1; back >= Math.max(0, at - 4); back--) {
    const token = tokens[back] as Token
    if (token === 'need' && tokens[back - 1] === 'no') return true
    const isNot =
      token === 'not' || token === 'dont' || token === 'never' || token === 'donot' || token === 'dnt'
    if (isNot) {
      const before = tokens[back - 1] === 'do' ? back - 2 : back - 1
      const subject = tokens[before]
      if (tokens[back + 1] === 'you' || tokens[back + 1] === 'u')
        return tokens[back + 2] === 'ever' || tokens[back + 2] === 'dare'
      return subject === undefined || !subjects.has(subject) || tokens[before - 1] === 'asked'
    }
    if (!between.has(token)) {
      // "Do not call or text me."
      if (token === 'or' || token === 'and') back--
      else if (!orders.has(token)) return false
    }
  }
  return false
}

const limits = new Set(
  'before until till til while during tonight today tomorrow yet when unless driving work midnight morning asleep sleeping meeting if asap busy later back'.split(
    ' ',
  ),
)
/** Whether what is forbidden is so only for a time: "don't text me while I'm driving". */
export const isLimited = (tokens: readonly Token[]): boolean => tokens.some((token) => limits.has(token))
