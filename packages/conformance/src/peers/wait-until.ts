/** Longest time a condition may take to hold, in milliseconds; only a broken program needs it. */
export const conditionBoundMs = 20_000

const pollIntervalMs = 5

/** Waits until a condition holds; throws with the given description when it does not within the bound. */
export async function waitUntil(
  isReached: () => boolean | Promise<boolean>,
  describeWait: () => string,
  boundMs = conditionBoundMs,
): Promise<void> {
  const deadlineMs = performance.now() + boundMs
  while (!(await isReached())) {
    if (performance.now() > deadlineMs)
      throw new Error(`not within ${boundMs} ms: ${describeWait()}`)
    await new Promise((resolve) => setTimeout(resolve, pollIntervalMs))
  }
}
