import type { Settings } from '../schemas/accounts.ts'

export type Replies = Settings['replies']

/**
 * The replies in the language that a person texted in, where the account has them, else its own. Whoever is answered
 * in the words that they used understands it, and carriers ask that ALTO and AYUDA be answered in Spanish
 * (Twilio, industry standards for Spanish-language programmes).
 */
export function repliesIn(
  { replies, repliesByLanguage }: Pick<Settings, 'replies' | 'repliesByLanguage'>,
  language: string | undefined,
): Replies {
  return (language === undefined ? undefined : repliesByLanguage[language]) ?? replies
}

/** What an account that has set nothing answers in other languages: the same as in English, without marketing. */
export const defaultRepliesByLanguage = (name: string): Record<string, Replies> => ({
  es: {
    stop: `${name}: se ha dado de baja y no recibirá más mensajes nuestros. Responda START para volver a recibirlos.`,
    start: `${name}: vuelve a recibir nuestros mensajes. Responda ALTO para darse de baja, AYUDA para ayuda.`,
    help: `${name}: responda ALTO para darse de baja. Pueden aplicarse tarifas de mensajes y datos.`,
  },
  fr: {
    stop: `${name} : vous ne recevrez plus de messages de notre part. Répondez START pour en recevoir de nouveau.`,
    start: `${name} : vous recevrez de nouveau nos messages. Répondez ARRET pour arrêter, AIDE pour de l'aide.`,
    help: `${name} : répondez ARRET pour ne plus recevoir de messages. Des frais peuvent s'appliquer.`,
  },
  pt: {
    stop: `${name}: a sua inscrição foi cancelada e não enviaremos mais mensagens. Responda START para voltar.`,
    start: `${name}: voltará a receber as nossas mensagens. Responda SAIR para cancelar, AJUDA para ajuda.`,
    help: `${name}: responda SAIR para cancelar. Podem aplicar-se tarifas de mensagens e dados.`,
  },
  de: {
    stop: `${name}: Sie sind abgemeldet und erhalten keine Nachrichten mehr von uns. Mit START melden Sie sich wieder an.`,
    start: `${name}: Sie erhalten wieder unsere Nachrichten. Antworten Sie STOPP zum Abmelden, HILFE für Hilfe.`,
    help: `${name}: Antworten Sie STOPP zum Abmelden. Es können Kosten für Nachrichten anfallen.`,
  },
  it: {
    stop: `${name}: non riceverà più nostri messaggi. Risponda START per riceverli di nuovo.`,
    start: `${name}: riceverà di nuovo i nostri messaggi. Risponda BASTA per smettere, AIUTO per aiuto.`,
    help: `${name}: risponda BASTA per non ricevere più messaggi. Possono applicarsi costi per messaggi e dati.`,
  },
  nl: {
    stop: `${name}: u bent afgemeld en krijgt geen berichten meer van ons. Antwoord START om ze weer te krijgen.`,
    start: `${name}: u krijgt onze berichten weer. Antwoord AFMELDEN om te stoppen, HULP voor hulp.`,
    help: `${name}: antwoord AFMELDEN om geen berichten meer te krijgen. Er kunnen kosten aan verbonden zijn.`,
  },
})
