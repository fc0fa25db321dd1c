/**
 * Waits for a condition that some event will make true.
 * Fails after a minute, with the name of the condition and the state that things are in.
 */
export async function until(
  name: string,
  isTrue: () => boolean,
  state: () => string = () => '',
): Promise<void> {
  const deadlineMs = Date.now() + 60_000
  while (!isTrue()) {
    if (Date.now() > deadlineMs) throw new Error(`never came true: ${name} ${state()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
