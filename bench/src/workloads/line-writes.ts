import { missingPeerReason } from '@hawse/conformance/servers'
import { openSharedConnection } from '../clients/shared-connection'
import { costOf } from '../run/cost'
import { perUnit, runLine } from './throughput'
import { countFor, type Workload } from './workload'

const million = 1e6

/** A program that writes many lines, each by one write(2), as a compiler or a test runner does. */
export const lineWrites: Workload = {
  name: 'lines',
  title: '500,000 lines, each one write of the program',
  figures: [
    { key: 'own', title: 'server, CPU s per million' },
    { key: 'tree', title: 'server and program, CPU s per million' },
    { key: 'wall', title: 'elapsed s per million' },
  ],
  servers: 'shared',
  missing: () => missingPeerReason(['perl']),
  run: async (server, size) => {
    const lineCount = countFor(500_000 * size.byteShare, size, 100)
    const connection = await openSharedConnection(server)
    try {
      const line = '"$@" </dev/null >/dev/null'
      await runLine(connection, line, writeLines(10))
      const cost = await costOf(server.processId, () =>
        runLine(connection, line, writeLines(lineCount)),
      )
      return perUnit(cost, lineCount / million)
    } finally {
      await connection.close()
    }
  },
}

/** `syswrite` is one write(2), whatever perl keeps back otherwise. */
function writeLines(count: number): string {
  return `exec perl -e 'syswrite STDOUT, "a line of a program that says what it does\\n" for 1..${count}'`
}
