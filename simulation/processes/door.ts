import type { HttpApp } from '@heed/service'

export interface Request {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface Answered {
  readonly status: number
  readonly body: string
}

type Handler = (request: Request, reply: Reply) => Promise<unknown>

interface Reply {
  status(code: number): Reply
  type(name: string): Reply
  send(body?: unknown): Reply
}

/** What production's routes answer, without HTTP. */
export function doorOf(routes: (app: HttpApp) => void): (request: Request) => Promise<Answered> {
  const handlers = new Map<string, Handler>()
  const scope = {
    removeAllContentTypeParsers() {},
    addContentTypeParser() {},
    addHook() {},
    post: (path: string, handler: Handler) => void handlers.set(path, handler),
  }
  const app = {
    register: (open: (given: typeof scope, options: object, done: () => void) => void) =>
      open(scope, {}, () => {}),
  }
  routes(app as unknown as HttpApp)
  return async (request) => {
    const answered = { status: 200, body: '' }
    const reply: Reply = {
      status(code) {
        answered.status = code
        return reply
      },
      type: () => reply,
      send(body) {
        if (typeof body === 'string') answered.body = body
        return reply
      },
    }
    const handler = handlers.get(request.url.split('?')[0] ?? '')
    if (handler === undefined) throw new Error(`nothing answers ${request.url}`)
    await handler(request, reply)
    return answered
  }
}
