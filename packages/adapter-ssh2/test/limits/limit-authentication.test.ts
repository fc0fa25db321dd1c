import { afterEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import type * as Ssh2 from 'ssh2'
import { limitAuthentication, type AuthenticationLimits } from '../../src'
import { ssh2Versions } from '../support/ssh2-versions'
import { startServer, type TestServer } from '../support/test-server'

describe.each(ssh2Versions())('limitAuthentication over $name', ({ ssh2 }) => {
  let server: TestServer | undefined
  const lines: string[] = []
  afterEach(async () => {
    await server?.close()
    lines.length = 0
  })

  it('ends a connection at the sixth attempt that is rejected, as sshd', async () => {
    const { tried, error } = await logIn(10)
    // What was rejected: `none`, which is not counted, and six passwords.
    expect(tried).toEqual(['none', ...Array<string>(6).fill('password')])
    expect(error.message).toBe('Too many authentication failures')
    expect(lines).toEqual(['Too many authentication failures'])
  })

  it('takes another limit', async () => {
    const { tried } = await logIn(10, { maximumFailures: 2 })
    expect(tried).toEqual(['none', 'password', 'password'])
  })

  it('leaves a client alone that gives up before', async () => {
    const { tried, error } = await logIn(5)
    expect(tried).toHaveLength(6)
    expect(error.message).toBe('All configured authentication methods failed')
    expect(lines).toEqual([])
  })

  /** Tries `none` and so many passwords against a server that lets nobody in. */
  async function logIn(
    passwordCount: number,
    limits: AuthenticationLimits = {},
  ): Promise<{ tried: readonly string[]; error: Error }> {
    const tried: string[] = []
    server = await startServer({
      ssh2,
      onConnection: (client) => {
        client.removeAllListeners('authentication')
        client.on('authentication', (attempt) => {
          tried.push(attempt.method)
          attempt.reject(['password'])
        })
        limitAuthentication(client, { ...limits, onLimit: (line) => lines.push(line) })
      },
    })
    const client = new ssh2.Client()
    // More than one may come; the first is looked at.
    client.on('error', () => undefined)
    const methods = ['none', ...Array<'password'>(passwordCount).fill('password')] as const
    const authHandler: Ssh2.AuthHandlerMiddleware = (_left, _partial, next) => {
      // ssh2 takes `false` for the end; its types do not.
      const giveUp = next as unknown as (end: false) => void
      const type = methods[attempted]
      attempted += 1
      if (type === 'password') next({ type, username: 'u', password: 'x' })
      else if (type === 'none') next({ type, username: 'u' })
      else giveUp(false)
    }
    let attempted = 0
    client.connect({ host: '127.0.0.1', port: server.port, username: 'u', authHandler })
    const [error] = (await once(client, 'error')) as [Error]
    client.destroy()
    return { tried, error }
  }
})
