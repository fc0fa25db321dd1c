import {
  connectHost,
  formatListenAddress,
  parseListenAddress,
  StartError,
} from '@hawse/example-kit'
import { describe, expect, it } from '@jest/globals'
import { parseOptions } from '../src/options'

function failureOf(...args: string[]): StartError {
  try {
    parseOptions(args)
  } catch (thrown) {
    if (thrown instanceof StartError) return thrown
    throw thrown
  }
  throw new Error(`accepted: ${args.join(' ')}`)
}

describe('parseOptions', () => {
  it('listens on loopback only and takes LANG and LC_* unless told otherwise', () => {
    expect(parseOptions([])).toEqual({
      isHelp: false,
      listen: { host: '127.0.0.1', port: 2222 },
      hostKeyFiles: [],
      authorizedKeysFiles: [],
      subsystems: new Map(),
      acceptEnv: ['LANG', 'LC_*'],
      shell: undefined,
      forceCommand: undefined,
      onDisconnect: 'sshd',
      graceMs: 0,
      clientAliveMs: 15_000,
      timeLimits: {},
      limits: {
        maximumConnections: 1_000,
        maximumUnauthenticated: 100,
        loginGraceMs: 120_000,
        maximumFailures: 6,
        maximumSessions: 10,
        maximumCommandBytes: Infinity,
      },
      logFormat: 'text',
      workers: 1,
    })
  })

  it('takes every option, and the repeatable ones more than once', () => {
    const options = parseOptions(
      '--listen [::1]:0 --host-key a --host-key b --authorized-keys c --subsystem x=y=z --subsystem q=r --accept-env A? --shell /bin/dash --force-command=-v --on-disconnect hangUp --grace 30 --client-alive 0.5 --idle-limit 60 --session-limit 3600 --log-format json --max-connections 5 --max-unauthenticated 4 --login-grace 3 --max-auth-tries 2 --max-sessions 1 --max-command-bytes 100 --workers 4 --help'.split(
        ' ',
      ),
    )
    expect(options).toEqual({
      isHelp: true,
      listen: { host: '::1', port: 0 },
      hostKeyFiles: ['a', 'b'],
      authorizedKeysFiles: ['c'],
      subsystems: new Map([
        ['x', 'y=z'],
        ['q', 'r'],
      ]),
      acceptEnv: ['A?'],
      shell: '/bin/dash',
      forceCommand: '-v',
      onDisconnect: 'hangUp',
      graceMs: 30_000,
      clientAliveMs: 500,
      timeLimits: { idleMs: 60_000, maximumMs: 3_600_000, warningMs: 60_000 },
      limits: {
        maximumConnections: 5,
        maximumUnauthenticated: 4,
        loginGraceMs: 3_000,
        maximumFailures: 2,
        maximumSessions: 1,
        maximumCommandBytes: 100,
      },
      logFormat: 'json',
      workers: 4,
    })
  })

  it.each([
    [['--prot'], "Unknown option '--prot'"],
    [['--listen'], "Option '--listen <value>' argument missing"],
    [['--listen', '--help'], 'ambiguous'],
    [['extra'], "Unexpected argument 'extra'"],
    [['--help=1'], "'--help' does not take an argument"],
    [['--listen', '2222'], 'expected HOST:PORT'],
    [['--listen', 'localhost:65536'], 'expected HOST:PORT'],
    [['--listen', '::1:22'], 'expected HOST:PORT'],
    [['--listen', '[localhost]:22'], 'expected HOST:PORT'],
    [['--listen', ':22'], 'expected HOST:PORT'],
    [['--subsystem', 'sftp'], 'expected NAME=COMMAND'],
    [['--subsystem', 'sftp= '], 'expected NAME=COMMAND'],
    [['--subsystem', 'a=1', '--subsystem', 'a=2'], 'given twice'],
    [['--accept-env', 'A B'], 'name of a variable'],
    [['--force-command', ''], 'is empty'],
    [['--on-disconnect', 'keep'], 'expected sshd, hangUp or terminate'],
    [['--grace', 'soon'], 'expected seconds, from 0 to 604800'],
    [['--grace=-1'], 'expected seconds'],
    [['--idle-limit', '604801'], '--idle-limit 604801: expected seconds'],
    [['--client-alive', '1e3'], 'expected seconds'],
    [['--log-format', 'xml'], 'expected text or json'],
    [['--workers', '0'], '--workers 0: expected a whole number from 1 to 64'],
    [['--workers', '65'], 'expected a whole number from 1 to 64'],
    [['--workers', 'all'], 'expected a whole number from 1 to 64'],
  ])('refuses %j in one line, with exit code 2', (args, part) => {
    const failure = failureOf(...args)
    expect(failure.message).toContain(part)
    expect(failure.message).not.toContain('\n')
    expect(failure.exitCode).toBe(2)
  })
})

describe('listen addresses', () => {
  it.each(['127.0.0.1:0', '[::1]:22', 'localhost:65535'])('reads and writes %s alike', (text) => {
    expect(formatListenAddress(parseListenAddress(text))).toBe(text)
  })

  it('sends clients of this machine to loopback where every address is listened on', () => {
    expect(['0.0.0.0', '::', '192.0.2.1'].map(connectHost)).toEqual([
      '127.0.0.1',
      '::1',
      '192.0.2.1',
    ])
  })
})
