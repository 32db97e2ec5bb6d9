import type { Token } from './tokens.ts'

const quoted = /[“„«»‟❝「『〝‹]([^”“»«‟❞」』〞›]{12,})(?:[”“»«‟❞」』〞›]|$)|"([^"]{12,})(?:"|$)/gu

/**
 * What a phone says when somebody reacts to a message: it repeats ours, opt-out instruction and all. Apple's wording
 * and Google's, in the languages of their phones, or an emoji before the quotation.
 */
const reactions =
  /^\s*(?:liked|loved|disliked|emphasi[sz]ed|questioned|laughed at|reacted|removed an?|a? ?(?:réagi|aimé|adoré|ri)|le (?:gustó|encantó)|(?:te|me) (?:gusta|encanta)|(?:ha )?reaccion|gefällt|hat .{0,30}(?:reagiert|markiert)|curtiu|amou|reagiu|(?:ha )?(?:messo mi piace|adorato|reagito|aggiunto)|a (?:aimé|adoré)|vond|reageerde|gillade|likte|synes godt|reager|tykkäsi|beğen|toont|喜欢|喜歡|不喜欢|赞|讚|已赞|强调|強調|нравится|понравилось|реакция|リアクション|对|對|좋아|.{1,12}\s+(?:to|a|à|zu|auf|op|til|på|para|su)\s+["“„«‟])/iu

const quotes = /["“”„«»‟❝「『〝‹]/u

/** Whether the text is a phone's account of a reaction to a message of ours. */
export function isReaction(text: string): boolean {
  return quotes.test(text) && quotes.test(text.slice(0, 200)) && reactions.test(text.slice(0, 120))
}

/** The text without longer quotations, which are somebody else's words. */
export function withoutQuotations(text: string): string {
  return quotes.test(text) ? text.replace(quoted, ' , ') : text
}

/** Begin an instruction. */
export const replies: ReadonlySet<string> = new Set(
  'reply text txt send respond answer type texting replying write responder responda envie envia antworte antworten repondez envoyez rispondi invia responda'.split(
    ' ',
  ),
)
const instructed = new Set('stop end cancel unsubscribe quit stopall optout alto baja arret help'.split(' '))

/** Tokens without instructions such as "reply STOP to opt out", which tell how it is done and do not do it. */
export function withoutInstructions(tokens: readonly Token[]): Token[] {
  const left: Token[] = []
  for (let at = 0; at < tokens.length; at++) {
    const length = instructionAt(tokens, at)
    if (length === 0) left.push(tokens[at] as Token)
    else at += length - 1
  }
  return left
}

function instructionAt(tokens: readonly Token[], at: number): number {
  if (!replies.has(tokens[at] ?? '')) return 0
  let next = at + 1
  if (tokens[next] === 'with' || tokens[next] === 'the' || tokens[next] === 'word' || tokens[next] === 'back')
    next++
  if (!instructed.has(tokens[next] ?? '')) return 0
  next++
  if (tokens[next] !== 'to') return /^(?:reply|replying|respond)$/.test(tokens[at] ?? '') ? next - at : 0
  next++
  const last = Math.min(tokens.length, next + 4)
  while (
    next < last &&
    /^(?:opt|out|stop|end|cancel|quit|unsubscribe|unsub|texts|messages|receiving|these|all|sms|alerts|texting)$/.test(
      tokens[next] ?? '',
    )
  )
    next++
  return next - at
}

/** Tokens without runs of four and more that a recent text of ours has as well. */
export function withoutOurs(tokens: readonly Token[], ours: readonly (readonly Token[])[]): readonly Token[] {
  if (ours.length === 0) return tokens
  const size = 4
  const known = new Set(ours.flatMap((text) => runs(text, size)))
  const isOurs = new Array<boolean>(tokens.length).fill(false)
  runs(tokens, size).forEach((run, at) => {
    if (known.has(run)) isOurs.fill(true, at, at + size)
  })
  return tokens.filter((_, at) => !isOurs[at])
}

const runs = (tokens: readonly Token[], size: number) =>
  Array.from({ length: Math.max(0, tokens.length - size + 1) }, (_, at) =>
    tokens.slice(at, at + size).join(' '),
  )
