import { parseArgs, type ParseArgsConfig } from 'node:util'
import { reasonOf, usageError } from './start-error'

/** Reads a command line as `parseArgs` of Node does; throws a `StartError` that names what is wrong with it. */
export function readArguments<Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (thrown) {
    const firstSentence = reasonOf(thrown).split('. ')[0]?.replace(/\.$/, '')
    throw usageError(`${firstSentence}; run with --help for the options`)
  }
}

/** A week, well below what timers can wait for. */
const longestSeconds = 604_800

/** The milliseconds that an option gives as seconds, which may have a fraction; throws a `StartError` for anything else. */
export function parseSeconds(option: string, text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (seconds <= longestSeconds) return Math.ceil(seconds * 1_000)
  throw usageError(`${option} ${text}: expected seconds, from 0 to ${longestSeconds}`)
}
