/** Signals by which people ask a program to end; to the other end they are told instead. */
const told = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP'] as const

/** What is done about signals of this process. */
export interface SignalListener {
  /** One of them came, for the first time; without `SIG`. */
  readonly received: (signal: string) => void
  /** The terminal is gone, or a signal came again: whoever asks does not want to wait. */
  readonly insisted: (signal: string) => void
}

/** Listens for signals, which then do not end this process. Gives what stops that. */
export function watchSignals(listener: SignalListener): () => void {
  const seen = new Set<string>()
  const onSignal = (name: NodeJS.Signals): void => {
    const signal = name.slice('SIG'.length)
    if (signal === 'HUP' || seen.has(signal)) return listener.insisted(signal)
    seen.add(signal)
    listener.received(signal)
  }
  for (const name of told) process.on(name, onSignal)
  const stop = (): void => {
    for (const name of told) process.off(name, onSignal)
  }
  // Not while a signal is told: whoever hears it next would find nobody who minds it, and end this process.
  return () => queueMicrotask(stop)
}
