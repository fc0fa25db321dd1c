import { describe, expect, it } from '@jest/globals'
import { connectRaw } from './support/raw-client'
import { ssh2Versions, type Ssh2Variant } from './support/ssh2-versions'
import { startServer } from './support/test-server'

describe.each(ssh2Versions())('the variant "$name" of the tests', (variant) => {
  it('has the ciphers that its name says', async () => {
    const expected = variant.isNative ? [] : ['Custom crypto binding not available']
    expect(await cipherLines(variant)).toEqual(expect.arrayContaining(expected))
  })
})

/** What ssh2 itself logs of its ciphers. */
async function cipherLines({ ssh2 }: Ssh2Variant): Promise<readonly string[]> {
  const lines: string[] = []
  const debug = (line: string): number => lines.push(line.replace(/^\[[\d.]+\] /, ''))
  const server = await startServer({ ssh2, config: { debug }, onConnection: () => undefined })
  const client = await connectRaw(ssh2, server.port)
  client.end()
  await server.close()
  return lines.filter((line) => line.startsWith('Custom crypto binding'))
}
