import { writeFileSync } from 'node:fs'
import { expect } from 'expect'
import { openTerminalWindow } from '../../peers/terminal-window'
import { runClient } from '../../servers/run-client'
import { clientOptions, sshArguments } from '../../servers/server-under-test'
import { homeIn, runTool, shellCommand, succeed, toolBoundMs } from './run-tool'
import { onTerminal, scenario, type Scenario, type ScenarioContext } from '../scenario'

/** Tools that reach a machine over SSH to work on it. */
export const toolScenarios: readonly Scenario[] = [
  ...([false, true] as const).map((isPipelining) =>
    scenario(
      `answers ansible ${isPipelining ? 'with' : 'without'} pipelining`,
      [3, 9, 10, 20],
      (context) => answerAnsible(context, isPipelining),
      {
        programs: ['ansible', 'python3'],
        boundMs: toolBoundMs,
        peer: { name: 'ansible', capability: `ping, pipelining ${isPipelining ? 'on' : 'off'}` },
      },
    ),
  ),
  ...onTerminal([
    scenario('starts mosh, which then leaves the connection', [15, 22], runMosh, {
      programs: ['mosh', 'mosh-server', 'tmux'],
      boundMs: toolBoundMs,
      peer: { name: 'mosh', capability: 'the start over SSH, then a shell over UDP' },
    }),
    scenario('is driven by expect', [8, 10, 20, 21], driveByExpect, {
      programs: ['expect'],
      boundMs: toolBoundMs,
      peer: { name: 'expect', capability: 'ssh -tt: prompt, commands, exit code' },
    }),
  ]),
]

/** Without pipelining its module goes by SFTP; with it, to the input of a program over a shared connection. */
async function answerAnsible(context: ScenarioContext, isPipelining: boolean): Promise<void> {
  const { server, folder } = context
  const controlPath = folder.file('control')
  const sharing = ['-o', 'ControlMaster=auto', '-o', 'ControlPersist=60']
  const configuration = folder.file('ansible.cfg')
  writeFileSync(configuration, '')
  const environment = {
    ANSIBLE_CONFIG: configuration,
    ANSIBLE_HOME: folder.file('ansible'),
    ANSIBLE_LOCAL_TEMP: folder.file('ansible-local'),
    ANSIBLE_REMOTE_TMP: folder.file('ansible-remote'),
    ANSIBLE_PIPELINING: String(isPipelining),
    ANSIBLE_SSH_ARGS: [...(isPipelining ? sharing : []), ...clientOptions(server)].join(' '),
    ANSIBLE_SSH_CONTROL_PATH: controlPath,
    ANSIBLE_HOST_KEY_CHECKING: 'True',
    ANSIBLE_NOCOLOR: '1',
  }
  const common = [
    'all',
    '-i',
    `${server.host},`,
    '-e',
    'ansible_python_interpreter=/usr/bin/python3',
  ]
  const pong = await succeed(context, 'ansible', [...common, '-m', 'ping'], { environment })
  expect(pong).toMatch(/SUCCESS => .*"ping": "pong"/s)
  const shell = [...common, '-m', 'shell', '-a', 'id -un; echo problem >&2; exit 3']
  const failed = await runTool(context, 'ansible', shell, { environment })
  expect(failed.stdout.toString()).toContain(`FAILED | rc=3 >>\n${server.user}problem`)
  expect(failed.code).toBe(2)
  if (!isPipelining) return
  const exit = sshArguments(server, [], ['-S', controlPath, '-O', 'exit'])
  expect((await runClient('ssh', exit)).code).toBe(0)
}

async function runMosh({ server, folder }: ScenarioContext): Promise<void> {
  const environment = Object.entries(homeIn(folder.path)).map(([name, value]) => `${name}=${value}`)
  const mosh = `mosh --predict=never --ssh='${shellCommand(server)}' ${server.host} -- sh`
  const line = `env ${environment.join(' ')} ${mosh}; echo "mosh ended: $?"`
  const window = openTerminalWindow(folder, line)
  try {
    await window.waitForText(/[$#] *$/m)
    window.type('echo user=$(id -un) tty=$(tty)')
    window.press('Enter')
    await window.waitForText(new RegExp(`^user=${server.user} tty=/dev/pts/\\d+$`, 'm'))
    window.type('exit')
    window.press('Enter')
    await window.waitForText(/^mosh ended: 0$/m)
  } finally {
    window.close()
  }
}

async function driveByExpect(context: ScenarioContext): Promise<void> {
  const { server, folder } = context
  const file = folder.file('drive.exp')
  const lines = [
    'set timeout 180',
    'log_user 0',
    'proc await {pattern} { expect -re $pattern {} default { puts "no $pattern"; exit 99 } }',
    `spawn -noecho ssh -tt ${sshArguments(server, []).join(' ')}`,
    'await {[$#%>] $}',
    'send "PS1=rea\'dy> \'\\r"',
    'await {ready> $}',
    'send "echo answer=\\$((6 * 7)); tty\\r"',
    'await {answer=42\\r\\n/dev/pts/[0-9]+\\r\\n.*ready> $}',
    'send "sh -c \'kill -TERM \\$\\$\'; echo code=\\$?\\r"',
    'await {code=143\\r\\n}',
    'send "exit 7\\r"',
    'expect eof',
    'lassign [wait] pid id system code',
    'puts "ssh ended: $system $code"',
    'exit $code',
  ]
  writeFileSync(file, lines.join('\n'))
  const { code, stdout } = await runTool(context, 'expect', ['-f', file], { input: null })
  expect(stdout.toString()).toContain('ssh ended: 0 7')
  expect(code).toBe(7)
}
