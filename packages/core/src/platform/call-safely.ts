/** Calls a callback that is not ours; what it throws, or the promise that it returned all the same rejects with, goes to `fail`. */
export function callSafely(call: () => unknown, fail: (error: unknown) => void): void {
  try {
    const returned = call()
    // Where nothing is awaited, an `async` function passes for one that returns nothing.
    if (returned instanceof Promise) returned.catch(fail)
  } catch (error) {
    fail(error)
  }
}
