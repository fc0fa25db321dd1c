import { describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { endSocket } from '../src/end-socket'

describe('endSocket', () => {
  it('sends what is left and closes with a peer that closes too', async () => {
    const { ours, theirs } = await socketPair()
    const received: Buffer[] = []
    theirs.on('data', (chunk: Buffer) => received.push(chunk))
    ours.write('last words')
    endSocket(ours)
    await once(ours, 'close')
    expect(Buffer.concat(received).toString()).toBe('last words')
    expect(ours.errored).toBeNull()
  })

  it('destroys the socket under a peer that neither reads nor closes', async () => {
    const { ours, theirs } = await socketPair()
    theirs.pause()
    ours.write(Buffer.alloc(20_000_000))
    endSocket(ours)
    await once(ours, 'close')
    expect(ours.writableFinished).toBe(false)
    theirs.destroy()
  })
})

async function socketPair(): Promise<{ readonly ours: Socket; readonly theirs: Socket }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const theirs = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [ours] = (await once(server, 'connection')) as [Socket]
  ours.resume()
  server.close()
  return { ours, theirs }
}
