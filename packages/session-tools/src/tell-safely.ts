/**
 * Calls a callback that is not ours. What it throws, or the promise that it returned all the same rejects with, has
 * nobody to be told, and must end neither the session nor the server.
 */
export function tellSafely(call: () => unknown): void {
  try {
    const returned = call()
    if (returned instanceof Promise) returned.catch(() => undefined)
  } catch {
    // Said above.
  }
}
