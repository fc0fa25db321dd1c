import { reasonOf, StartError } from './start-error'

/**
 * Runs a program with its arguments. Where it throws, one line on stderr says why, and the exit code is 2 for a wrong
 * option and 1 for anything else.
 */
export function runProgram(name: string, main: (args: readonly string[]) => Promise<void>): void {
  // Whoever reads what a server prints may stop after the line it wants; the server goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  main(process.argv.slice(2)).catch((thrown: unknown) => {
    process.stderr.write(`${name}: ${reasonOf(thrown)}\n`)
    process.exitCode = thrown instanceof StartError ? thrown.exitCode : 1
  })
}
