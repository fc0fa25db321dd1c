import { expect } from 'expect'
import { byte, uint32 } from '../../wire/fields'
import { exec, pty } from '../../wire/raw-messages'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

type Mode = readonly [opcode: number, value: number]

/** Terminal modes that no terminal of this system can be put into, told by the raw client. */
export const terminalWireScenarios: readonly Scenario[] = [
  scenario('skips every terminal mode that a terminal here does not have', [15], skipModes),
  scenario('stops at a terminal mode of 160 and above', [15], stopAtUndefined, {
    difference:
      'sshd then sets none of the modes, Hawse those told before: RFC 4254 section 8 lets such opcodes follow other modes, and only parsing stops there.',
  }),
  scenario('takes the last of a terminal mode told twice', [15], takeLast),
  scenario('takes any value but zero for a set mode', [15], takeAnyValue),
  scenario('takes speeds that only some terminals have', [15], takeSpeeds, {
    difference:
      'sshd gives speeds above 230400 and those it does not know as 9600 and lets 0 be 0, Hawse gives those above as they are and leaves the speed alone for the others: 0 means to hang up, and an unknown speed is none.',
  }),
  scenario('takes the switch character', [15], takeSwitchCharacter, {
    difference:
      'sshd on Linux was built without the switch character and skips it, Hawse sets it: RFC 4254 section 8 names it, stty has it, and the system itself makes no use of it.',
  }),
]

async function skipModes(context: ScenarioContext): Promise<void> {
  const plain = await seenModes(context, [])
  const opcodes = [11, 15, 17, 62, 90, 91, 92, ...unassigned()]
  for (const value of [0, 1, 255]) {
    const modes = opcodes.map((opcode): Mode => [opcode, value])
    expect(await seenModes(context, [...modes, [echo, 0]])).toBe(without(plain, ' echo '))
  }
}

/** Opcodes below 160 that name no mode. */
function unassigned(): readonly number[] {
  const gaps = [
    [19, 29],
    [43, 49],
    [63, 69],
    [76, 89],
    [94, 127],
    [130, 159],
  ] as const
  return gaps.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  )
}

async function stopAtUndefined(context: ScenarioContext): Promise<void> {
  const plain = await seenModes(context, [])
  const changed = plain.replace('intr = ^C', 'intr = ^B')
  for (const opcode of [160, 200, 255]) {
    const modes: readonly Mode[] = [
      [intr, 2],
      [opcode, 1],
      [echo, 0],
    ]
    expect(await seenModes(context, modes)).toBe(context.server.kind === 'sshd' ? plain : changed)
  }
}

async function takeLast(context: ScenarioContext): Promise<void> {
  const plain = await seenModes(context, [])
  const off: Mode = [echo, 0]
  const on: Mode = [echo, 1]
  expect(await seenModes(context, [off, on])).toBe(plain)
  expect(await seenModes(context, [on, off])).toBe(without(plain, ' echo '))
}

async function takeAnyValue(context: ScenarioContext): Promise<void> {
  const plain = await seenModes(context, [])
  for (const value of [1, 2, 256, 0xff_ff_ff_ff]) {
    expect(await seenModes(context, [[tostop, value]])).toBe(plain.replace('-tostop', 'tostop'))
  }
}

async function takeSpeeds(context: ScenarioContext): Promise<void> {
  const isSshd = context.server.kind === 'sshd'
  const speed = async (...modes: readonly Mode[]): Promise<string | undefined> =>
    /speed (\d+) baud/.exec(await seenModes(context, modes))?.[1]
  expect(await speed([inputSpeed, 9600], [outputSpeed, 300])).toBe('300')
  expect(await speed([inputSpeed, 300])).toBe('300')
  expect(await speed([outputSpeed, 300])).toBe('300')
  for (const [given, ofSshd, ofHawse] of [
    [460_800, '9600', '460800'],
    [12_345, '9600', '38400'],
    [0, '0', '38400'],
  ] as const) {
    const seen = await speed([inputSpeed, given], [outputSpeed, given])
    expect(seen).toBe(isSshd ? ofSshd : ofHawse)
  }
}

async function takeSwitchCharacter(context: ScenarioContext): Promise<void> {
  const seen = await seenModes(context, [[switchCharacter, 1]])
  const expected = context.server.kind === 'sshd' ? '<undef>' : '^A'
  expect(seen).toContain(`swtch = ${expected};`)
}

/** What `stty -a` says on a terminal that was asked for with these modes. */
async function seenModes({ connect }: ScenarioContext, modes: readonly Mode[]): Promise<string> {
  const channel = await (await connect()).openSession()
  const encoded = modes.flatMap(([opcode, value]) => [byte(opcode), uint32(value)])
  channel.send(pty(Buffer.concat([...encoded, byte(0)])), exec('stty -a'))
  await channel.untilReceived('CLOSE')
  expect(channel.exitCode).toBe(0)
  return channel.stdout.toString()
}

function without(report: string, flag: string): string {
  return report.replace(flag, ` -${flag.trim()} `)
}

const intr = 1
const switchCharacter = 16
const echo = 53
const tostop = 58
const inputSpeed = 128
const outputSpeed = 129
