import type {
  Decision,
  ExecRequest,
  HandlerRequest,
  ProcessPort,
  Refusal,
  SessionHandlers,
  SubsystemRequest,
} from '@hawse/core'

/** A request that was granted: `command` is there for `exec`, `subsystem` for a subsystem, neither for a shell. */
export type DecoratedRequest = HandlerRequest & {
  readonly command?: string
  readonly subsystem?: string
}

/**
 * Handlers whose every process is put into a decorator, such as `record` or `limit`; refusals pass as they are.
 *
 * @example
 * runSession(channel, decorateHandlers(handlers, (process, { pty, command }) =>
 *   record(process, { to: toFile('session.cast'), pty, command, onError: console.error }),
 * ))
 */
export function decorateHandlers(
  handlers: SessionHandlers,
  decorate: (process: ProcessPort, request: DecoratedRequest) => ProcessPort,
): SessionHandlers {
  const around =
    <Request extends DecoratedRequest>(handle: (request: Request) => Decision) =>
    (request: Request): Decision => {
      const put = (decided: ProcessPort | Refusal): ProcessPort | Refusal =>
        'isRefusal' in decided ? decided : decorate(decided, request)
      const decision = handle(request)
      return 'then' in decision ? decision.then(put) : put(decision)
    }
  const { exec, shell, subsystem } = handlers
  return {
    ...(exec && { exec: around<ExecRequest>(exec) }),
    ...(shell && { shell: around<HandlerRequest>(shell) }),
    ...(subsystem && { subsystem: mapValues(subsystem, around<SubsystemRequest>) }),
  }
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Readonly<Record<string, Result>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}
