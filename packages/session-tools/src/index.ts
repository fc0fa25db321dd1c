export { decorateHandlers, type DecoratedRequest } from './decorate-handlers'
export { limit, type ProcessLimits } from './limit/limit'
export type { StreamMetrics } from './metrics/flow-meter'
export {
  endKindOf,
  metricsRegistry,
  type EndKind,
  type MetricsRegistry,
  type MetricsSnapshot,
  type MetricsTotal,
} from './metrics/metrics-registry'
export {
  sessionMeter,
  type SessionMeter,
  type SessionMeterOptions,
  type SessionMetrics,
} from './metrics/session-meter'
export {
  record,
  type RecordedProcess,
  type RecordingEnd,
  type RecordOptions,
} from './recording/record'
export { detachable, type DetachableOptions, type DetachableProcess } from './view/detachable'
export {
  watchable,
  type WatchableOptions,
  type WatchableProcess,
  type WatchOptions,
} from './view/watchable'
