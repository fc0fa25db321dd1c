/** Milliseconds after the time of grace after which this program ends whatever is left. */
const limitMs = 10_000

/**
 * Calls `close` at the first SIGTERM, SIGINT or SIGHUP and exits with 0; a second one exits at once.
 * `graceMs` is what `close` gives to sessions before it begins to end them.
 */
export function closeOnSignals(close: () => Promise<void>, graceMs: number): void {
  let isClosing = false
  const onSignal = (code: number) => (): void => {
    if (isClosing) process.exit(code)
    isClosing = true
    setTimeout(() => process.exit(0), graceMs + limitMs)
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGHUP', onSignal(129))
  process.on('SIGINT', onSignal(130))
  process.on('SIGTERM', onSignal(143))
}
