/** Longest time a condition may take to hold, in milliseconds; only a broken program needs it. */
export const conditionBoundMs = 120_000

/** Least and longest pause between two looks, in milliseconds: what is dear to look at is looked at seldom. */
const pauseMs = { least: 5, most: 250 }

/** Waits until a condition holds; throws with the given description when it does not within the bound. */
export async function waitUntil(
  isReached: () => boolean | Promise<boolean>,
  describeWait: () => string,
  boundMs = conditionBoundMs,
): Promise<void> {
  const deadlineMs = performance.now() + boundMs
  for (;;) {
    const startedMs = performance.now()
    if (await isReached()) return
    const endedMs = performance.now()
    if (endedMs > deadlineMs) throw new Error(`not within ${boundMs} ms: ${describeWait()}`)
    await pause(4 * (endedMs - startedMs))
  }
}

function pause(wantedMs: number): Promise<void> {
  const delayMs = Math.min(Math.max(wantedMs, pauseMs.least), pauseMs.most)
  return new Promise((resolve) => setTimeout(resolve, delayMs))
}
