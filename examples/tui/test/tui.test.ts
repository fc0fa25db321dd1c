import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect } from '@jest/globals'
import {
  descendantsOf,
  itWithPeers,
  makeTemporaryFolder,
  openTerminalWindow,
  runClient,
  startClient,
  startServerProcess,
  waitUntil,
  type ServerProcess,
  type TemporaryFolder,
  type TerminalWindow,
} from '@hawse/conformance'

const program = join(__dirname, '../dist/main.js')
const peers = ['ssh', 'tmux']

describe('the room, over SSH', () => {
  let folder: TemporaryFolder
  let server: ServerProcess
  let windows: TerminalWindow[]
  let port: string

  beforeEach(async () => {
    folder = await makeTemporaryFolder()
    windows = []
    const options = { env: { ...process.env, XDG_STATE_HOME: folder.file('state') } }
    server = startServerProcess(process.execPath, [program, '--listen', '127.0.0.1:0'], options)
    const listening = await server.waitForLog(/listening on 127\.0\.0\.1:(\d+)\nssh .*\n/)
    port = listening?.[1] ?? ''
  })
  afterEach(async () => {
    for (const window of windows) window.close()
    await server.kill()
    await folder.remove()
  })

  const sshArguments = (user: string): readonly string[] => {
    const knownHosts = folder.file('state/hawse-room/known_hosts')
    const options = ['BatchMode=yes', `UserKnownHostsFile=${knownHosts}`, 'LogLevel=ERROR']
    return [
      '-F',
      'none',
      ...options.flatMap((option) => ['-o', option]),
      '-p',
      port,
      `${user}@127.0.0.1`,
    ]
  }
  const enter = (user: string): TerminalWindow => {
    const line = `ssh -tt ${sshArguments(user).join(' ')} 2>&1`
    const size = { columns: 80, rows: 16, name: user }
    const window = openTerminalWindow(folder, `echo before; ${line}`, size)
    windows.push(window)
    return window
  }

  itWithPeers('shows each guest the others, and what they say', peers, async () => {
    const ada = enter('ada')
    await ada.waitForText(/1 here[^]*ada \(you\)/)
    const grace = enter('grace')
    await ada.waitForText(/2 here[^]*grace/)
    ada.type('hello 日本!é')
    await ada.waitForText(/│ hello 日本!é/)
    ada.press('BSpace')
    ada.press('Enter')
    await grace.waitForText(/\d\d:\d\d ada: hello 日本! /)
    grace.type('hello')
    grace.press('Enter')
    await ada.waitForText(/grace: hello/)
  })

  itWithPeers('is in colours, whatever the server itself writes to', ['ssh'], async () => {
    const client = startClient('ssh', ['-tt', ...sshArguments('ada')], { input: null })
    let shown = ''
    client.stdout?.on('data', (bytes: Buffer) => (shown += bytes.toString()))
    const ended = new Promise((resolve) => client.once('close', resolve))
    await waitUntil(
      () => shown.includes('\u001b[36m╭'),
      () => `a box should be drawn in cyan, not ${JSON.stringify(shown)}`,
    )
    client.stdin?.write('\u0003')
    expect(await ended).toBe(0)
  })

  itWithPeers('is drawn anew in a window of another size', peers, async () => {
    const ada = enter('ada')
    await ada.waitForText(/ada has come/)
    for (const [columns, rows] of [
      [50, 10],
      [100, 20],
      [70, 12],
    ] as const) {
      ada.resize(columns, rows)
      const [box, rest] = [
        `╭─{${columns - 2}}╮\\n│ {${columns - 2}}│\\n╰─{${columns - 2}}╯`,
        'Enter',
      ]
      await ada.waitForText(new RegExp(`${box}\\n ${rest}`))
      const shown = ada.screen().trimEnd().split('\n')
      expect(shown).toHaveLength(rows - 1)
      expect(shown.join('\n').match(/ada has come/g)).toHaveLength(1)
    }
  })

  itWithPeers('gives the terminal back to who leaves, with exit code 0', peers, async () => {
    const ada = enter('ada')
    await ada.waitForText(/ada has come/)
    ada.press('C-c')
    expect(await ada.waitForExitCode()).toBe(0)
    expect(ada.screen().trimEnd()).toBe('before')
  })

  itWithPeers('shows that somebody has gone whose client was killed', peers, async () => {
    const [ada, grace] = [enter('ada'), enter('grace')]
    await ada.waitForText(/2 here/)
    await grace.waitForText(/2 here/)
    grace.close()
    windows = [ada]
    await ada.waitForText(/1 here[^]*grace has left/)
  })

  itWithPeers('gives terminals back when the server ends', peers, async () => {
    const ada = enter('ada')
    await ada.waitForText(/ada has come/)
    process.kill(server.processId, 'SIGTERM')
    expect(await server.ended).toBe(0)
    await ada.waitForExitCode()
    expect(ada.screen()).toMatch(/^before/)
    expect(ada.screen()).not.toContain('╭')
    expect(descendantsOf(server.processId)).toEqual([])
  })

  itWithPeers(
    'lets a line be said without a terminal, and nothing else be run',
    ['ssh'],
    async () => {
      const ran = async (...words: readonly string[]) => {
        const { code, stdout, stderr } = await runClient('ssh', [
          '-T',
          ...sshArguments('bob'),
          ...words,
        ])
        return { code, stdout: stdout.toString(), stderr: stderr.toString() }
      }
      expect(await ran('say', 'hello')).toEqual({ code: 0, stdout: 'said\n', stderr: '' })
      const refused = await ran('ls')
      expect(refused).toMatchObject({ code: 2, stdout: '' })
      expect(refused.stderr).toContain('only "say TEXT"')
      const plain = await ran()
      expect(plain).toMatchObject({ code: 1, stdout: '' })
      expect(plain.stderr).toContain('the room needs a terminal')
      expect(readFileSync(folder.file('state/hawse-room/known_hosts'), 'utf8')).not.toBe('')
    },
  )
})
