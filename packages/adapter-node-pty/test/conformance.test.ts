import { describeProcessPort } from '@hawse/port-conformance'
import { ptyProcess } from '../src/index'
import { terminalRequest } from './support/terminal-run'

// A program that is missing is told by the shell on the terminal, as with sshd: exit code 127.
describeProcessPort('ptyProcess', (argv) => ptyProcess(argv, { pty: terminalRequest() }), {
  isTerminal: true,
  hasPipes: false,
  canReportStartFailure: false,
})
