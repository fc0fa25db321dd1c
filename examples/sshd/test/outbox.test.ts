import { describe, expect, it } from '@jest/globals'
import { createOutbox } from '../src/workers/outbox'

describe('an outbox', () => {
  it('sends the messages of one turn of the event loop together, in order', async () => {
    const sent: (readonly number[])[] = []
    const outbox = createOutbox<number>((messages) => sent.push(messages))
    outbox.send(1)
    await Promise.resolve()
    outbox.send(2)
    expect(sent).toEqual([])
    await nextTurn()
    outbox.send(3)
    await nextTurn()
    expect(sent).toEqual([[1, 2], [3]])
  })

  it('sends at once what waits where that is asked for, and nothing twice', async () => {
    const sent: (readonly number[])[] = []
    let isSent = false
    const outbox = createOutbox<number>((messages, onSent) => {
      sent.push(messages)
      onSent()
    })
    outbox.send(1)
    outbox.flush(() => (isSent = true))
    expect(sent).toEqual([[1]])
    expect(isSent).toBe(true)
    await nextTurn()
    expect(sent).toEqual([[1]])
  })
})

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
