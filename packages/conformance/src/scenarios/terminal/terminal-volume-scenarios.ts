import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'expect'
import { readDigest, type OutputReader } from '../../servers/output-reader'
import { expectSameBytes } from '../same-bytes'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

const terminal = { options: ['-tt'] }

/** What ends a line-wise input on a terminal, at the beginning of a line. */
const endOfInput = '\x04'

/** Much through a terminal, both ways. */
export const volumeScenarios: readonly Scenario[] = [
  scenario('passes 50 MB of output through a terminal before its end', [16, 22], pass50Megabytes),
  scenario('takes 1 MB of lines through a terminal exactly', [10, 16], async (context) => {
    const read = (file: string): string => `cat > ${file}`
    await takeLines(context, 11_000, read)
  }),
  scenario('takes 256 KB of lines into a program that reads slowly', [10, 16], async (context) => {
    const lineCount = 2_700
    const read = (file: string): string =>
      `: > ${file}; while [ $(stat -c %s ${file}) -lt ${lineCount * lineBytes} ]; do head -c 4096 >> ${file}; sleep .005; done`
    await takeLines(context, lineCount, read)
  }),
  scenario('keeps the output of two terminals apart', [9, 16], keepApart),
]

const lineBytes = 97

async function pass50Megabytes({ ssh }: ScenarioContext): Promise<void> {
  const lineCount = 6_000_000
  const result = await ssh(`seq 1 ${lineCount}; exit 5`, {
    ...terminal,
    stdoutReader: readDigestRestingOften,
  })
  const hash = createHash('sha256')
  for (let first = 1; first <= lineCount; first += 10_000) {
    hash.update(Array.from({ length: 10_000 }, (_, index) => `${first + index}\r\n`).join(''))
  }
  expect(result.stdout.toString()).toBe(hash.digest('hex'))
  expect(result.code).toBe(5)
}

/** Rests after each piece of output, so that the terminal waits for its reader again and again. */
const readDigestRestingOften: OutputReader = (stream) => {
  stream.on('data', () => {
    stream.pause()
    setImmediate(() => stream.resume())
  })
  return readDigest(stream)
}

/**
 * The terminal echoes. Where it does not, `sshd` answers line-wise input with a message to be ignored of the same
 * length; when a terminal takes more than 256 KB at once that is longer than `ssh` accepts, which ends the connection.
 */
async function takeLines(
  { ssh, folder }: ScenarioContext,
  lineCount: number,
  read: (file: string) => string,
): Promise<void> {
  const file = folder.file('lines')
  const lines = Array.from({ length: lineCount }, () => `${randomBytes(48).toString('hex')}\n`)
  const input = Buffer.from(lines.join(''))
  const result = await ssh(`${read(file)}; exit 4`, {
    ...terminal,
    input: Buffer.concat([input, Buffer.from(endOfInput)]),
  })
  expect(result.code).toBe(4)
  expectSameBytes(readFileSync(file), input)
}

async function keepApart({ ssh }: ScenarioContext): Promise<void> {
  const words = ['alpha', 'omega', 'gamma']
  const command = (word: string): string => `for i in $(seq 5000); do echo ${word} $i; done`
  const results = await Promise.all(words.map((word) => ssh(command(word), terminal)))
  words.forEach((word, index) => {
    const lines = Array.from({ length: 5_000 }, (_, line) => `${word} ${line + 1}\r\n`)
    expect(results[index]?.stdout.toString()).toBe(lines.join(''))
  })
}
