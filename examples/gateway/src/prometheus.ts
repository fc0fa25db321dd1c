import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { endKindOf, type MetricsRegistry, type MetricsTotal } from '@hawse/session-tools'

/** The metrics of all sessions in the text format of Prometheus, made when it is asked for. */
export function prometheusView(
  registry: MetricsRegistry,
  connectionCount: () => number,
): () => Promise<string> {
  const registers = [new Registry()]
  const total = (): MetricsTotal => registry.snapshot().total
  gauges(total, connectionCount, registers)
  sums(total, registers)
  countEnds(registry, registers)
  return () => Promise.all(registers.map((one) => one.metrics())).then((texts) => texts.join('\n'))
}

function gauges(
  total: () => MetricsTotal,
  connectionCount: () => number,
  registers: Registry[],
): void {
  new Gauge({
    name: 'gateway_sessions_running',
    help: 'Sessions that run.',
    registers,
    collect() {
      this.set(total().runningCount)
    },
  })
  new Gauge({
    name: 'gateway_upstream_connections',
    help: 'Connections to hosts.',
    registers,
    collect() {
      this.set(connectionCount())
    },
  })
}

function sums(total: () => MetricsTotal, registers: Registry[]): void {
  new Counter({
    name: 'gateway_bytes_total',
    help: 'Bytes that passed, by stream.',
    labelNames: ['stream'],
    registers,
    collect() {
      const { stdin, stdout, stderr } = total()
      this.reset()
      for (const [stream, { bytes }] of Object.entries({ stdin, stdout, stderr })) {
        this.inc({ stream }, bytes)
      }
    },
  })
  new Counter({
    name: 'gateway_blocked_seconds_total',
    help: 'Time in which a client did not read, or a program did not.',
    labelNames: ['on'],
    registers,
    collect() {
      const { blockedOnClientMs, blockedOnProcessMs } = total()
      this.reset()
      this.inc({ on: 'client' }, blockedOnClientMs / 1000)
      this.inc({ on: 'process' }, blockedOnProcessMs / 1000)
    },
  })
}

function countEnds(registry: MetricsRegistry, registers: Registry[]): void {
  const ended = new Counter({
    name: 'gateway_sessions_ended_total',
    help: 'Sessions that ended, by host and by how their program ended.',
    labelNames: ['host', 'outcome'],
    registers,
  })
  const duration = new Histogram({
    name: 'gateway_session_duration_seconds',
    help: 'Length of sessions.',
    buckets: [0.1, 1, 10, 60, 600, 3600, 36_000],
    registers,
  })
  registry.ended$.subscribe(({ labels: { host = '' }, outcome, durationMs }) => {
    ended.inc({ host, outcome: outcome === undefined ? 'unreported' : endKindOf(outcome) })
    duration.observe(durationMs / 1000)
  })
}
