import type { OutputName, ProcessCommand } from '../../src/ports/process-port'
import { refuse } from '../../src/streams/session-handlers'
import { makeWorld, type ModelOptions, type ModelRun, type World } from './session-world'
import { settled } from './test-bench'

/** One thing that somebody around a session does. */
export type Action =
  | { readonly type: 'exec' | 'clientEof' | 'clientClose' | 'unknown' | 'env' | 'signal' }
  | { readonly type: 'send'; readonly byteCount: number }
  | { readonly type: 'read'; readonly isReading: boolean }
  | { readonly type: 'print'; readonly output: OutputName; readonly byteCount: number }
  | { readonly type: 'take'; readonly byteCount: number }
  | { readonly type: 'endOutput'; readonly output: OutputName }
  | { readonly type: 'inputClosed' | 'exit' | 'exitTwice' }
  | { readonly type: 'accept' | 'refuse' | 'fail' }
  | { readonly type: 'block' | 'unblock' | 'lose' | 'ownerClose' }
  | { readonly type: 'wait'; readonly milliseconds: number }
/** The largest chunk that a process of the model prints. */
export const largestChunkBytes = 30

/**
 * Plays these actions on a whole session in memory, and then gives it all the answers it waits for.
 * The process keeps its contract: nothing before it started, at most one chunk after it was paused.
 */
export async function playSession(
  actions: readonly Action[],
  options: ModelOptions,
): Promise<ModelRun> {
  const world = makeWorld(options)
  for (const action of [...actions, ...farewell]) await play(world, action)
  return { ...world.result(), outcome: await world.ended() }
}

/** Everybody answers what is owed; then the session has to end. */
const farewell: readonly Action[] = [
  { type: 'unblock' },
  { type: 'read', isReading: true },
  { type: 'refuse' },
  { type: 'take', byteCount: 1_000_000 },
  { type: 'take', byteCount: 1_000_000 },
  { type: 'exit' },
  { type: 'endOutput', output: 'stdout' },
  { type: 'endOutput', output: 'stderr' },
  { type: 'clientClose' },
]
async function play(world: World, action: Action): Promise<void> {
  playClient(world, action)
  playProcess(world, action)
  playRest(world, action)
  if (['accept', 'refuse', 'fail'].includes(action.type)) await settled()
}

function playClient({ client, wanted, flags, typed, fresh }: World, action: Action): void {
  const data = new Uint8Array()
  // A channel that is closed takes no requests, and owes no replies.
  if (client.has('channel.closeReceived') && action.type !== 'clientClose') return
  switch (action.type) {
    case 'exec':
      wanted.push(null)
      return client.exec('cat')
    case 'unknown':
      wanted.push(false)
      return client.request({ name: 'unknown', requestType: 'x@y', data })
    case 'env':
      // Taken before a program was asked for, and refused afterwards or where the owner has closed.
      wanted.push(wanted.includes(null) || flags.isOwnerClosed ? null : true)
      return client.request({
        name: 'env',
        variable: 'LANG',
        value: 'C',
        valueBytes: Uint8Array.of(67),
      })
    case 'signal':
      wanted.push(null)
      return client.request({ name: 'signal', signal: 'TERM' })
    case 'send': {
      const bytes = fresh(action.byteCount)
      typed.push(bytes)
      return client.send(bytes)
    }
    case 'clientEof':
      return client.eof()
    case 'clientClose':
      if (!client.has('channel.closeReceived')) {
        flags.isUndisturbed = false
        flags.isReplyOwed = false
      }
      return client.close()
    case 'read':
      return client.setReading(action.isReading)
    default:
  }
}

function playProcess(world: World, action: Action): void {
  const { process, flags } = world
  if (!world.has('process.start')) return
  switch (action.type) {
    case 'print':
      return print(world, action.output, action.byteCount)
    case 'take':
      return take(world, action.byteCount)
    case 'endOutput':
      flags.hasEnded[action.output] = true
      return process.endOutputs(action.output)
    case 'inputClosed':
      flags.isInputClosed = true
      return process.emit({ type: 'process.inputClosed' })
    case 'exit':
    case 'exitTwice':
      if (flags.isExited && action.type === 'exit') return
      flags.isExited = true
      return process.exit(3)
    default:
  }
}

/** A paused process may have one chunk in flight. */
function print(world: World, output: OutputName, byteCount: number): void {
  const { flags, printed, process, fresh } = world
  if (flags.hasEnded[output] || (world.isPaused() && flags.isInFlightUsed)) return
  flags.isInFlightUsed = world.isPaused()
  const bytes = fresh(byteCount)
  printed[output].push(bytes)
  process.emit({ type: 'process.output', output, bytes })
}

function take({ process, flags }: World, most: number): void {
  if (flags.isInputClosed) return
  const byteCount = Math.min(most, sumOf(process.commands) - flags.takenBytes)
  if (byteCount === 0) return
  flags.takenBytes += byteCount
  process.emit({ type: 'process.inputWritten', byteCount })
}

function sumOf(commands: readonly ProcessCommand[]): number {
  return commands.reduce(
    (sum, command) => sum + (command.type === 'process.write' ? command.bytes.length : 0),
    0,
  )
}

function playRest(
  { pair, clock, session, decisions, flags, process }: World,
  action: Action,
): void {
  switch (action.type) {
    case 'accept':
      return decisions.shift()?.resolve(process)
    case 'refuse':
      return decisions.shift()?.resolve(refuse('no'))
    case 'fail':
      return decisions.shift()?.reject(new Error('bug'))
    case 'block':
      return pair.serverTransport.block()
    case 'unblock':
      return pair.serverTransport.unblock()
    case 'lose':
      flags.isUndisturbed = false
      flags.isReplyOwed = false
      return pair.clientTransport.lose('reset')
    case 'ownerClose':
      flags.isUndisturbed = false
      flags.isOwnerClosed = true
      void session.close()
      return
    case 'wait':
      return clock.advance(action.milliseconds)
    default:
  }
}
