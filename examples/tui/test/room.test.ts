import { describe, expect, it } from '@jest/globals'
import { typed, withoutLast } from '../src/draft'
import { openRoom, type Room } from '../src/room'

const textsOf = (room: Room): readonly string[] =>
  room.state().lines.map(({ from, text }) => (from === '' ? text : `${from}: ${text}`))

describe('a room', () => {
  it('shows everybody who is there, and what was said', () => {
    const room = openRoom()
    const [ada, grace] = [room.enter('ada'), room.enter('grace')]
    ada.say('hello')
    grace.leave()
    grace.leave()
    expect(textsOf(room)).toEqual([
      'ada has come',
      'grace has come',
      'ada: hello',
      'grace has left',
    ])
    expect(room.state().guests).toEqual(['ada'])
  })

  it('gives two of one name two names, and everybody one', () => {
    const room = openRoom()
    const guests = ['ada', 'ada', ' ', 'ada'].map((name) => room.enter(name))
    expect(guests.map(({ name }) => name)).toEqual(['ada', 'ada-2', 'guest', 'ada-3'])
    guests[1]?.leave()
    expect(room.enter('ada').name).toBe('ada-2')
  })

  it('shows nothing that steers a terminal, and not too much', () => {
    const room = openRoom()
    room.post('a\u001b[2Jb', 'red \u001b[31m \u202e text\u0007')
    room.post('bob', ' \n ')
    room.post('bob', 'x'.repeat(10_000))
    expect(room.state().lines.map(({ from, text }) => [from, text])).toEqual([
      ['a [2Jb', 'red  [31m   text'],
      ['bob', 'x'.repeat(500)],
    ])
  })

  it('keeps the newest lines', () => {
    const room = openRoom()
    for (let count = 0; count < 1000; count += 1) room.post('bob', `line ${count}`)
    expect(textsOf(room)).toHaveLength(200)
    expect(textsOf(room).at(-1)).toBe('bob: line 999')
  })
})

describe('a line that is typed', () => {
  it('is said at its end, also where several come at once', () => {
    expect(typed('he', 'llo')).toEqual({ said: [], draft: 'hello' })
    expect(typed('hello', '\n')).toEqual({ said: ['hello'], draft: '' })
    expect(typed('', 'one\r\ntwo\rth\u0007ree')).toEqual({ said: ['one', 'two'], draft: 'three' })
  })

  it('loses whole characters', () => {
    expect(withoutLast('aé')).toBe('a')
    expect(withoutLast('a👩‍👩‍👧')).toBe('a')
    expect(withoutLast('日本')).toBe('日')
    expect(withoutLast('')).toBe('')
  })
})
