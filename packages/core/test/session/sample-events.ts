import { exited } from '../../src/ports/exit-outcome'
import type { SessionEvent } from '../../src/session/session-event'
import { execRequested, started } from './sample-states'

const bytes = Uint8Array.of(1, 2, 3)

/** At least one event of every type, by the name it has in the table of cells. */
export const sampleEvents = {
  'channel.requested': execRequested,
  'channel.replied': { type: 'channel.replied', isSuccess: true },
  'channel.dataReceived': { type: 'channel.dataReceived', bytes },
  'channel.extendedDataReceived': { type: 'channel.extendedDataReceived', dataType: 1, bytes },
  'channel.discarded': { type: 'channel.discarded', byteCount: 3 },
  'channel.eofReceived': { type: 'channel.eofReceived' },
  'channel.closeReceived': { type: 'channel.closeReceived' },
  'channel.written': { type: 'channel.written', byteCount: 3 },
  'channel.dropped': { type: 'channel.dropped', byteCount: 3 },
  'channel.closed': { type: 'channel.closed' },
  'channel.lost': { type: 'channel.lost', reason: 'reset' },
  'program.accepted': { type: 'program.accepted' },
  'program.refused': { type: 'program.refused', reason: 'not today' },
  'program.failed': { type: 'program.failed', message: 'broken', reason: 'bug' },
  'process.started': started,
  'process.startFailed': { type: 'process.startFailed', failure: 'notFound', message: 'none' },
  'process.output stdout': { type: 'process.output', output: 'stdout', bytes },
  'process.output stderr': { type: 'process.output', output: 'stderr', bytes },
  'process.outputEnded stdout': { type: 'process.outputEnded', output: 'stdout' },
  'process.inputWritten': { type: 'process.inputWritten', byteCount: 3 },
  'process.inputClosed': { type: 'process.inputClosed' },
  'process.exited': { type: 'process.exited', outcome: exited(3) },
  'timer.expired drain': { type: 'timer.expired', timer: 'drain' },
  'timer.expired terminate': { type: 'timer.expired', timer: 'terminate' },
  'timer.expired kill': { type: 'timer.expired', timer: 'kill' },
  'timer.expired close': { type: 'timer.expired', timer: 'close' },
  'timer.expired refuse': { type: 'timer.expired', timer: 'refuse' },
  'session.write': { type: 'session.write', bytes },
  'session.warn': { type: 'session.warn', message: 'soon' },
  'session.loseConnection': { type: 'session.loseConnection', reason: 'given up' },
  'session.end': { type: 'session.end', endedBy: 'policy', reason: 'over' },
  'producer.registered': { type: 'producer.registered', kind: 'pull' },
  'producer.unregistered': { type: 'producer.unregistered' },
} as const satisfies Readonly<Record<string, SessionEvent>>

/** Name of a sample event: a row of the table of cells. */
export type SampleEventName = keyof typeof sampleEvents

/** Every sample event's name. */
export const sampleEventNames = Object.keys(sampleEvents) as readonly SampleEventName[]
