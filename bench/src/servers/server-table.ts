import { execFileSync } from 'node:child_process'
import {
  debianPython,
  findInRepository,
  lookUpRunFacts,
  missingPeerReason,
  plainAccount,
  readableBy,
  startByHandServer,
  startExampleSshd,
  startReferenceSshd,
  type Account,
} from '@hawse/conformance/servers'
import type { BenchServer, RunningServer } from './bench-server'
import { goProgram, missingGo, missingPython, peerFile, startPeer } from './peer-program'

const isThere = (): undefined => undefined
const nodeVersion = (): string => `Node.js ${process.versions.node}`
const sshdVersion = (): string => lookUpRunFacts(process.cwd()).versions[0] ?? ''

/** Everything that can be measured, `sshd` first: the others are compared with it. */
export const serverTable: readonly BenchServer[] = [
  {
    id: 'sshd',
    name: 'sshd',
    missing: () => missingPeerReason(['sshd', 'ssh-keygen']),
    version: sshdVersion,
    start: startSshd,
    byteShare: 1,
  },
  {
    id: 'hawse',
    name: 'Hawse',
    missing: isThere,
    version: nodeVersion,
    start: () => startHawse([]),
    byteShare: 1,
  },
  {
    id: 'by-hand',
    name: 'ssh2 by hand',
    missing: isThere,
    version: nodeVersion,
    start: () => startByHandServer({ account: serverAccount(), inheritsNothing: true }),
    byteShare: 0.5,
  },
  {
    id: 'ssh2-alone',
    name: 'ssh2, no program',
    missing: isThere,
    version: nodeVersion,
    start: () => startPeer([process.execPath, peerFile('ssh2_alone.mjs')], serverAccount()),
    byteShare: 0.5,
    onlyWorkloads: ['download', 'upload', 'echo'],
  },
  {
    id: 'go',
    name: 'Go',
    missing: missingGo,
    version: () => `gliderlabs/ssh ${debianVersion('golang-github-gliderlabs-ssh-dev')}`,
    start: async () => startPeer([await goProgram()], serverAccount()),
    byteShare: 0.25,
  },
  {
    id: 'asyncssh',
    name: 'AsyncSSH',
    missing: () => missingPython('asyncssh', 'python3-asyncssh'),
    version: () => `AsyncSSH ${debianVersion('python3-asyncssh')}`,
    start: () => startPeer([debianPython, peerFile('asyncssh_server.py')], serverAccount()),
    byteShare: 1 / 16,
  },
  {
    id: 'conch',
    name: 'Conch',
    missing: () => missingPython('twisted', 'python3-twisted'),
    version: () => `Twisted Conch ${debianVersion('python3-twisted')}`,
    start: () => startPeer([debianPython, peerFile('conch_server.py')], serverAccount()),
    byteShare: 1 / 64,
    cannot: { 'stalled-client': 'has no AES-GCM, which the client needs' },
  },
  {
    id: 'hawse-workers',
    name: 'Hawse, 2 workers',
    missing: missingWorkers,
    version: nodeVersion,
    start: () => startHawse(['--workers', '2']),
    byteShare: 1,
    onlyWorkloads: ['connections-at-once'],
    hasColumn: false,
  },
]

/** More connections at once, and more sessions on one, than a workload opens. */
const sshdLimits = ['MaxStartups 1000', 'MaxSessions 1000']
const hawseLimits = [
  ...['--max-connections', '5000'],
  ...['--max-unauthenticated', '1000'],
  ...['--max-sessions', '1000'],
]

function startSshd(): Promise<RunningServer> {
  const account = serverAccount()
  return startReferenceSshd({ account, configuration: sshdLimits, inheritsNothing: true })
}

function startHawse(args: readonly string[]): Promise<RunningServer> {
  const account = serverAccount()
  return startExampleSshd({ account, args: [...hawseLimits, ...args], inheritsNothing: true })
}

/** All servers run the programs of one account: that of /bin/sh and an empty home where it can read what it runs. */
function serverAccount(): Account {
  const program = findInRepository('examples/sshd/dist/main.js', 'run "npx pnpm build"')
  return readableBy(program, plainAccount())
}

function missingWorkers(): string | undefined {
  const program = findInRepository('examples/sshd/dist/main.js', 'run "npx pnpm build"')
  const help = execFileSync(process.execPath, [program, '--help'], { encoding: 'utf8' })
  return help.includes('--workers') ? undefined : 'examples/sshd has no --workers'
}

function debianVersion(name: string): string {
  return execFileSync('dpkg-query', ['-W', '-f', '${Version}', name], { encoding: 'utf8' })
}
