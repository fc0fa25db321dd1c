/**
 * Why a reference `sshd` that this process starts gives no terminals; `undefined` where it does. It changes the owner of
 * a terminal, which only root may.
 */
export function missingTerminalReason(): string | undefined {
  if (process.getuid?.() === 0) return undefined
  return 'sshd gives terminals only when it runs as root: run the tests as root'
}
