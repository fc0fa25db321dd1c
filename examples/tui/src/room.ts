import { BehaviorSubject, type Observable } from 'rxjs'
import { charactersOf } from './draft'

/** One line of the conversation. */
export interface RoomLine {
  /** Unlike that of any other line of the room. */
  readonly id: number
  /** Who said it; empty where the room itself tells something. */
  readonly from: string
  readonly text: string
  readonly at: Date
}

/** What everybody in the room sees. */
export interface RoomState {
  /** The newest lines, oldest first. */
  readonly lines: readonly RoomLine[]
  /** Names of those who are there, in the order in which they came. */
  readonly guests: readonly string[]
}

/** Somebody in the room. */
export interface Guest {
  /** The name asked for, with a number where somebody else has it. */
  readonly name: string
  say(text: string): void
  /** Goes away. Once; later calls do nothing. */
  leave(): void
}

/** A room in which people talk. */
export interface Room {
  readonly state: () => RoomState
  /** The state now, and after each change. */
  readonly state$: Observable<RoomState>
  enter(name: string): Guest
  /** Says one line without entering. */
  post(name: string, text: string): void
}

const maximumLines = 200
const maximumTextLength = 500
const maximumNameLength = 20

/** Opens an empty room. */
export function openRoom(now = (): Date => new Date()): Room {
  const state = new BehaviorSubject<RoomState>({ lines: [], guests: [] })
  let lineCount = 0
  const change = (guests: readonly string[], from: string, text: string): void => {
    const line = { id: lineCount++, from, text, at: now() }
    const lines = [...state.value.lines, line].slice(-maximumLines)
    state.next({ lines, guests })
  }
  const post = (from: string, text: string): void => {
    const shown = tidy(text, maximumTextLength)
    if (shown !== '') change(state.value.guests, from, shown)
  }
  const leave = (name: string): void => {
    const { guests } = state.value
    if (guests.includes(name)) change(without(guests, name), '', `${name} has left`)
  }
  return {
    state: () => state.value,
    state$: state.asObservable(),
    post: (name, text) => post(tidy(name, maximumNameLength), text),
    enter: (wanted) => {
      const { guests } = state.value
      const name = freeName(tidy(wanted, maximumNameLength), guests)
      change([...guests, name], '', `${name} has come`)
      return { name, say: (text) => post(name, text), leave: () => leave(name) }
    },
  }
}

/** What others are shown of what somebody typed: nothing that steers their terminals, and not too much of it. */
function tidy(text: string, maximumLength: number): string {
  return charactersOf(text.replace(steering, ' ').trim()).slice(0, maximumLength).join('')
}

/** Control characters, other ends of lines, and what turns the direction of writing. */
const steering = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

function freeName(wanted: string, taken: readonly string[]): string {
  const name = wanted === '' ? 'guest' : wanted
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${number}`
    if (!taken.includes(candidate)) return candidate
  }
}

function without(names: readonly string[], name: string): readonly string[] {
  return names.filter((other) => other !== name)
}
