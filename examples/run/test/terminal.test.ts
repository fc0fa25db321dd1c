import {
  isRunning,
  itWithPeers,
  openTerminalWindow,
  waitUntil,
  type TerminalWindow,
} from '@hawse/conformance'
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import { readdirSync, writeFileSync } from 'node:fs'
import { program, startHosts, type HostsUnderTest } from './hosts-under-test'

const peers = ['sshd', 'ssh-keygen', 'tmux']

describe('a command on several hosts, in a terminal', () => {
  let hosts: HostsUnderTest

  beforeAll(async () => {
    hosts = await startHosts(3)
  })
  afterAll(() => hosts.stop())

  const inWindow = async (
    name: string,
    command: string,
    use: (window: TerminalWindow) => Promise<void>,
    rows = 24,
  ): Promise<void> => {
    const words = [
      process.execPath,
      program,
      ...hosts.options,
      ...hosts.names,
      '--',
      `'${command}'`,
    ]
    // As an interactive shell does: Ctrl-C is for the program, not for the shell that waits for it.
    const window = openTerminalWindow(hosts.folder, `set -m; ${words.join(' ')}`, {
      columns: 100,
      rows,
      name,
    })
    try {
      await use(window)
    } finally {
      window.close()
    }
  }

  itWithPeers('keeps a row for each below what they write', peers, async () => {
    const command = `echo begun; ${hosts.folder.waitFor('go')}; echo ended; exit 3`
    await inWindow('rows', command, async (window) => {
      await window.waitForText(/(: begun\n[^]*){3}(.* bytes {2}running\s+){3}$/)
      const lines = window.screen().trimEnd().split('\n')
      expect(lines.slice(-3).map((line) => line.split(' ')[0])).toEqual(hosts.names)
      expect(window.screen().match(/bytes {2}running/g)).toHaveLength(3)
      expect(window.screen()).not.toContain('HOST')
      writeFileSync(hosts.folder.file('go'), '')
      expect(await window.waitForExitCode()).toBe(3)
      expect(window.screen()).not.toContain('running')
      expect(window.screen()).toMatch(
        /(: ended\n[^]*){3}HOST +OUTCOME +CODE +TIME +BYTES\n(\S+ +exited +3 .*\n){3}/,
      )
    })
  })

  itWithPeers('shows as many rows as fit', peers, async () => {
    await inWindow(
      'few',
      `touch ${hosts.folder.file('runs')}-$$; exec sleep 1000.73`,
      async (window) => {
        const running = () => readdirSync(hosts.folder.path).filter((name) => /^runs-/.test(name))
        await waitUntil(
          () => running().length === 3,
          () => `three should run, not ${running().length}`,
        )
        await window.waitForText(/running\s*\n\.\.\. and 2 more\s*$/)
        window.press('C-c')
        expect(await window.waitForExitCode()).toBe(130)
      },
      3,
    )
  })

  itWithPeers(
    'interrupts all of them at Ctrl-C, and still tells what became of them',
    peers,
    async () => {
      await inWindow('interrupt', 'echo begun; exec sleep 1000.74', async (window) => {
        await window.waitForText(/(: begun\n[^]*){3}/)
        await waitUntil(
          () => isRunning('sleep 1000.74'),
          () => 'the commands should run',
        )
        window.press('C-c')
        expect(await window.waitForExitCode()).toBe(130)
        // Of the rows nothing is left, and nothing else was taken away; the terminal may show the key.
        expect(window.screen()).toMatch(
          /^(\S+: begun\n){3}(\^C)?\nHOST .*\n(\S+ +killed by SIGINT +- .*\n){3}/,
        )
        expect(isRunning('sleep 1000.74')).toBe(false)
      })
    },
  )

  itWithPeers('kills what ignores that, at the second Ctrl-C', peers, async () => {
    const command =
      'trap "echo not yet" INT; trap "" TERM; echo begun; while :; do sleep 1000.75; done'
    await inWindow('stubborn', command, async (window) => {
      await window.waitForText(/(: begun\n[^]*){3}/)
      window.press('C-c')
      await window.waitForText(/(: not yet\n[^]*){3}/)
      window.press('C-c')
      expect(await window.waitForExitCode()).toBe(137)
      expect(window.screen()).toMatch(/HOST .*\n(\S+ +killed by SIGKILL +- .*\n){3}/)
      expect(isRunning('sleep 1000.75')).toBe(false)
    })
  })
})
