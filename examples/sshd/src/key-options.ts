import { parseExpiryTime } from './expiry-time'

/** What a line of authorized keys allows whoever has its key. */
export interface KeyOptions {
  /** Runs instead of whatever is asked for. */
  readonly forceCommand: string | undefined
  readonly permitsTerminal: boolean
  /** Patterns that the client's address must match (see `isAddressPermitted`). */
  readonly from: string | undefined
  /** When the key ceases to be good, in milliseconds since 1970. */
  readonly expiresAtMs: number | undefined
}

/** A key without options may do everything. */
export const noKeyOptions: KeyOptions = {
  forceCommand: undefined,
  permitsTerminal: true,
  from: undefined,
  expiresAtMs: undefined,
}

/**
 * Reads the options before a key (sshd(8), AUTHORIZED_KEYS FILE FORMAT) as sshd does, or says why it cannot.
 *
 * What concerns forwarding, `~/.ssh/rc` and hardware keys is read and changes nothing, because nothing of that is
 * offered; nor does `environment`, as with `PermitUserEnvironment no`, the default of sshd.
 */
export function parseKeyOptions(text: string): KeyOptions | string {
  let options = noKeyOptions
  let rest = text
  const seen = new Set<string>()
  while (rest !== '') {
    const [whole = '', name = '', quoted] = optionPattern.exec(rest) ?? []
    if (whole === '') return malformed
    const changed = applyOption(options, name.toLowerCase(), unquote(quoted), seen)
    if (typeof changed === 'string') return changed
    options = changed
    rest = rest.slice(whole.length)
  }
  return options
}

/** The options at the start of a line: up to the first blank that is not in quotes; `undefined` where quotes stay open. */
export function keyOptionsOf(line: string): string | undefined {
  const [options = ''] = /^(?:"(?:\\"|[^"\\]|\\(?!"))*"|\\"|[^ \t"\\]|\\(?!"))*/.exec(line) ?? []
  return line[options.length] === '"' ? undefined : options
}

const malformed = 'its options are malformed; expected NAME or NAME="value", with commas between'

/** One option and the comma before the next; a comma at the end is an error. */
const optionPattern = /^([A-Za-z0-9-]+)(?:=("(?:\\"|[^"\\]|\\(?!"))*"))?(?:,(?!$)|$)/

/** Only `\"` is an escape, as in sshd. */
function unquote(quoted: string | undefined): string | undefined {
  return quoted?.slice(1, -1).replaceAll('\\"', '"')
}

/** Of forwarding, `~/.ssh/rc` and hardware keys: nothing that a session could have is concerned. */
const flagsWithoutEffect = new Set(
  ['port-forwarding', 'agent-forwarding', 'x11-forwarding', 'user-rc']
    .concat(['touch-required', 'verify-required'])
    .flatMap((name) => [name, `no-${name}`]),
)

function applyOption(
  options: KeyOptions,
  name: string,
  value: string | undefined,
  seen: Set<string>,
): KeyOptions | string {
  const isRepeated = seen.has(name)
  seen.add(name)
  if (value === undefined) return applyFlag(options, name)
  switch (name) {
    case 'command':
      return isRepeated ? 'it has two commands' : { ...options, forceCommand: value }
    case 'from':
      return isRepeated ? 'it has two lists of addresses' : { ...options, from: value }
    case 'expiry-time':
      return applyExpiry(options, value)
    case 'environment':
      return /^[A-Za-z0-9_]+=/.test(value) ? options : 'its environment is not NAME=value'
    default:
      return `the option ${name}= is not understood`
  }
}

function applyFlag(options: KeyOptions, name: string): KeyOptions | string {
  if (flagsWithoutEffect.has(name)) return options
  switch (name) {
    case 'pty':
      return { ...options, permitsTerminal: true }
    case 'no-pty':
    case 'restrict':
      return { ...options, permitsTerminal: false }
    default:
      return `the option ${name} is not understood`
  }
}

/** Of several times the earliest counts. */
function applyExpiry(options: KeyOptions, value: string): KeyOptions | string {
  const timeMs = parseExpiryTime(value)
  if (timeMs === undefined) return 'its expiry-time is not YYYYMMDD[HHMM[SS]][Z]'
  return { ...options, expiresAtMs: Math.min(timeMs, options.expiresAtMs ?? Infinity) }
}
