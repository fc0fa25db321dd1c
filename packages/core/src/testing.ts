export { manualClock, type ManualClock } from './testing/manual-clock'
export { memoryChannelPair, type MemoryChannelPair } from './testing/memory-channel'
export {
  memoryTransportPair,
  type MemoryTransport,
  type MemoryTransportOptions,
} from './testing/memory-transport'
export {
  scriptedProcess,
  type ScriptedProcess,
  type ScriptedProcessOptions,
} from './testing/scripted-process'
export { sessionInMemory } from './testing/session-in-memory'
export { createTrace, describeMessage, describeStep, type Trace } from './testing/trace'
