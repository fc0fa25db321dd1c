/** Milliseconds after which this program ends whatever is left. */
const graceMs = 10_000

/** Calls `close` at the first SIGTERM, SIGINT or SIGHUP and exits with 0; a second one exits at once. */
export function closeOnSignals(close: () => Promise<void>): void {
  let isClosing = false
  const onSignal = (code: number) => (): void => {
    if (isClosing) process.exit(code)
    isClosing = true
    setTimeout(() => process.exit(0), graceMs)
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGHUP', onSignal(129))
  process.on('SIGINT', onSignal(130))
  process.on('SIGTERM', onSignal(143))
}
