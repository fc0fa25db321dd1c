/** Waits for a condition that some event will make true, and fails with a description where it does not within 20 s. */
export async function until(describe: () => string, isTrue: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 20_000
  while (!isTrue()) {
    if (Date.now() > deadlineMs) throw new Error(`never came true: ${describe()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
