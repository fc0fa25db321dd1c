import { of, type Observable } from 'rxjs'
import type {
  ChannelCommand,
  ChannelEvent,
  ChannelOpening,
  OutputName,
  ProcessCommand,
  ProcessEvent,
  RemoteProgram,
  TerminalRequest,
} from '../../src/index'
import { processOverChannel } from '../../src/index'
import { memoryChannelPair } from '../../src/testing'

/** The program `x` on no terminal. */
export const program: RemoteProgram = {
  request: { name: 'exec', command: 'x', commandBytes: Uint8Array.of(120) },
  terminal: null,
  environment: {},
}

/** A terminal of 80 columns and 24 rows. */
export const terminal: TerminalRequest = {
  term: 'xterm',
  size: { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 },
  modes: new Map(),
}

/** A remote process in memory: its server's end of the channel is played by the test. */
export function remoteWorld(
  what: RemoteProgram = program,
  openingOf?: (opening: ChannelOpening) => Observable<ChannelOpening>,
) {
  const { client, server, clientTransport } = memoryChannelPair()
  const heard: ChannelEvent[] = []
  server.event$.subscribe((event) => heard.push(event))
  server.perform({ type: 'channel.openWindow' })
  const opened: ChannelOpening = { type: 'opened', channel: client }
  const process = processOverChannel(what, () => openingOf?.(opened) ?? of(opened))
  const events: ProcessEvent[] = []
  let isCompleted = false
  process.event$.subscribe({
    next: (event) => events.push(event),
    complete: () => (isCompleted = true),
  })
  const answer = (isSuccess: boolean): void => {
    const owed = heard.flatMap((event) =>
      event.type === 'channel.requested' && event.wantsReply ? [event.requestId] : [],
    )
    server.perform({ type: 'channel.reply', requestId: owed.at(-1) ?? -1, isSuccess })
  }
  const perform = (...commands: readonly ProcessCommand[]): void =>
    commands.forEach((command) => process.perform(command))
  return {
    events,
    /** What the server heard. */
    heard,
    isCompleted: () => isCompleted,
    perform,
    answer,
    serve: (...commands: readonly ChannelCommand[]): void =>
      commands.forEach((command) => server.perform(command)),
    run: (): void => {
      perform({ type: 'process.start' })
      answer(true)
    },
    lose: (reason: string): void => clientTransport.lose(reason),
    types: (): readonly string[] => events.map(({ type }) => type),
    asked: (): readonly string[] =>
      heard.flatMap((event) => (event.type === 'channel.requested' ? [event.request.name] : [])),
    output: (name: OutputName): string =>
      events
        .map((event) =>
          event.type === 'process.output' && event.output === name
            ? Buffer.from(event.bytes).toString()
            : '',
        )
        .join(''),
    exit: () => events.find((event) => event.type === 'process.exited'),
  }
}

/** Bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** The report of an exit code. */
export function exitStatus(code: number): ChannelCommand {
  const request = { name: 'exit-status', code } as const
  return { type: 'channel.sendRequest', request, wantsReply: false }
}
