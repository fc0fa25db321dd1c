import { describe, expect, it } from '@jest/globals'
import { sessionEnvironment } from '../../src/session/session-environment'

const account = { user: 'ada', home: '/home/ada', shell: '/bin/sh', path: '/usr/bin:/bin' }
const host = { family: 'IPv4', address: '192.0.2.1', port: 22 } as const
const peer = { family: 'IPv4', address: '192.0.2.9', port: 50_000 } as const
const size = { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 }

describe('row 7: the environment of a session', () => {
  it('is what sshd sets, and nothing that the server has', () => {
    expect(sessionEnvironment({ account, host, peer })).toEqual({
      USER: 'ada',
      LOGNAME: 'ada',
      HOME: '/home/ada',
      SHELL: '/bin/sh',
      PATH: '/usr/bin:/bin',
      SSH_CLIENT: '192.0.2.9 50000 22',
      SSH_CONNECTION: '192.0.2.9 50000 192.0.2.1 22',
    })
  })

  it('names the mailbox of an account that has one', () => {
    const reader = { ...account, mail: '/var/mail/ada' }
    expect(sessionEnvironment({ account: reader, host, peer })).toMatchObject({
      MAIL: '/var/mail/ada',
    })
  })

  it('has TERM on a terminal, and the original command where another is forced', () => {
    const environment = sessionEnvironment({
      account,
      host,
      peer,
      pty: { term: 'xterm', size, modes: new Map() },
      originalCommand: 'rm -rf /',
    })
    expect(environment).toMatchObject({ TERM: 'xterm', SSH_ORIGINAL_COMMAND: 'rm -rf /' })
  })

  it('has no TERM on a terminal that the client did not name', () => {
    const pty = { term: '', size, modes: new Map() }
    expect(sessionEnvironment({ account, host, peer, pty })).not.toHaveProperty('TERM')
  })

  it('lets what the server sets win over what the client sets', () => {
    const clientEnv = { USER: 'root', LANG: 'C', SSH_CLIENT: 'forged', PATH: '/tmp' }
    expect(sessionEnvironment({ account, host, peer, clientEnv })).toMatchObject({
      LANG: 'C',
      USER: 'ada',
      PATH: '/usr/bin:/bin',
      SSH_CLIENT: '192.0.2.9 50000 22',
    })
  })
})
