export {
  basicAuthorization,
  type CreateMessage,
  type CreateMessageAnswer,
  createMessageForm,
  messagesPath,
  parseCreateMessageAnswer,
} from './create-message.ts'
export { retryableErrorCodes, twilioErrorCodes } from './error-codes.ts'
export { type FormEntry, type FormParams, formParams, type ParsedForm, parseForm } from './form.ts'
export { type TwilioMessage, twilioTimeResolutionMs } from './message-resource.ts'
export { isValidWebhookSignature, type SignedBody, type SignedForm, signWebhook } from './signature.ts'
export {
  type ListMessages,
  type TwilioClient,
  type TwilioClientOptions,
  twilioClient,
} from './twilio-client.ts'
export { TwilioError } from './twilio-error.ts'
export { messageResponse } from './twiml.ts'
export { InboundMessageForm, StatusCallbackForm, TwilioSid } from './webhooks.ts'
