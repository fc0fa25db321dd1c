import { describe, expect, it } from '@jest/globals'
import { formatEntry, type LogEntry } from '../src/log'

const time = new Date(0)
const refused: LogEntry = {
  event: 'login.refused',
  connection: 7,
  user: 'root" connection=8\n\u009b31m\u202e',
  method: 'publickey',
}

describe('a line of the log', () => {
  it('is a JSON object with the time', () => {
    expect(JSON.parse(formatEntry(refused, 'json', time))).toEqual({
      ...refused,
      time: '1970-01-01T00:00:00.000Z',
      user: 'root" connection=8??31m?',
    })
  })

  it('quotes texts that could pass for other members', () => {
    expect(formatEntry(refused, 'text', time)).toBe(
      '1970-01-01T00:00:00.000Z login.refused connection=7 user="root\\" connection=8??31m?" method=publickey',
    )
  })

  it('shows plain words, numbers and truths as they are', () => {
    const started = {
      event: 'session.started',
      connection: 1,
      session: 2,
      program: 'exec',
      hasTerminal: false,
    } as const
    expect(formatEntry(started, 'text', time)).toBe(
      '1970-01-01T00:00:00.000Z session.started connection=1 session=2 program=exec hasTerminal=false',
    )
  })

  it('shows a note as it is, without what could steer a terminal', () => {
    expect(formatEntry({ event: 'note', message: 'a b\u001b[2J' }, 'text', time)).toBe(
      '1970-01-01T00:00:00.000Z a b?[2J',
    )
  })

  it('cuts long texts, and stays JSON', () => {
    const long = formatEntry({ ...refused, user: 'x'.repeat(10_000) }, 'json', time)
    expect((JSON.parse(long) as { user: string }).user).toHaveLength(300)
  })
})
