import { toNodeWritable } from '@hawse/node-streams'
import type { Writable } from 'node:stream'
import picocolors from 'picocolors'
import { from, lastValueFrom, mergeMap, toArray } from 'rxjs'
import { lineSink, type TakeBytes } from './line-sink'
import { showProgress, type Progress } from './progress'
import { overallExitCode, type Report } from './report'
import { runOnHost, type HostOutputs, type Work } from './run-on-host'
import type { Screen } from './screen'
import { summaryTable } from './table'
import type { Target } from './target'

/** Runs on all hosts, so many at once, shows what they do and a table at the end, and gives the exit code. */
export async function runEverywhere(
  targets: readonly Target[],
  work: Work,
  parallel: number,
  screen: Screen,
): Promise<number> {
  const progress = showProgress(targets, screen)
  const outputsOf = outputsOn(screen, progress)
  const runOne = async (target: Target, index: number): Promise<Report> => {
    const outputs = outputsOf(target, index)
    const report = await runOnHost(target, work, outputs, (phase) => progress.note(index, phase))
    progress.finish(index, report)
    return report
  }
  const report$ = from(targets).pipe(mergeMap(runOne, parallel), toArray())
  const reports = await lastValueFrom(report$)
  progress.stop()
  reports.sort((left, right) => targets.indexOf(left.target) - targets.indexOf(right.target))
  const colors = picocolors.createColors(screen.hasRows && picocolors.isColorSupported)
  screen.stderr.write(`\n${summaryTable(reports, colors)}`)
  await Promise.all([screen.stdout, screen.stderr].map(flushed))
  return overallExitCode(reports)
}

/** Lines of each host, named, on the output that they came from. */
function outputsOn(
  screen: Screen,
  progress: Progress,
): (target: Target, index: number) => HostOutputs {
  const sinks = {
    stdout: toNodeWritable(screen.stdout, { isKeptOpen: true }),
    stderr: toNodeWritable(screen.stderr, { isKeptOpen: true }),
  }
  return ({ label }, index) => {
    const prefix = Buffer.from(`${label}: `)
    const linesOn = (name: 'stdout' | 'stderr') => {
      const sink = sinks[name]
      const take: TakeBytes = (bytes) => {
        screen.makeRoom()
        return sink.write(bytes)
      }
      const lines = lineSink(prefix, take, sink.closed)
      const write: TakeBytes = (bytes) => {
        progress.count(index, bytes.length)
        return lines.write(bytes)
      }
      return { ...lines, write }
    }
    return { stdout: linesOn('stdout'), stderr: linesOn('stderr') }
  }
}

/** Resolves when all is written, or will not be. */
function flushed(output: Writable): Promise<void> {
  return new Promise((resolve) => output.write(new Uint8Array(0), () => resolve()))
}
