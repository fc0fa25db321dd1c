import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import {
  parseListenAddress,
  publicKeyOf,
  reasonOf,
  usageError,
  type ListenAddress,
} from '@hawse/example-kit'
import type { ParsedKey } from 'ssh2'

/** A host that sessions are relayed to. */
export interface Upstream {
  readonly name: string
  readonly address: string
  readonly port: number
  /** Account there. */
  readonly user: string
}

/** Somebody who may log in to the gateway. */
export interface GatewayUser {
  readonly name: string
  /** Public keys, each of which lets them in. */
  readonly keys: readonly ParsedKey[]
  /** Names of hosts; `*` is all. */
  readonly hosts: readonly string[]
  /** Whether the commands of the gateway may be used: list, watch, kill, metrics. */
  readonly isAdmin: boolean
}

/** What the gateway is started with. Paths are absolute. */
export interface Config {
  readonly listen: ListenAddress
  readonly hostKeyFile: string
  /** The gateway's own key, which the hosts know. */
  readonly upstreamKeyFile: string
  /** Host keys of the hosts, as of OpenSSH. */
  readonly knownHostsFile: string
  readonly recordingsFolder: string
  readonly users: ReadonlyMap<string, GatewayUser>
  readonly hosts: ReadonlyMap<string, Upstream>
}

/** Reads a configuration file; relative paths start at its folder. Throws a `StartError` that says what is wrong. */
export function readConfig(file: string): Config {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw usageError(`the configuration ${file} cannot be read: ${reasonOf(error)}`)
  }
  return parseConfig(value, dirname(resolve(file)))
}

/** Makes a configuration of what JSON says; relative paths start at a folder. */
export function parseConfig(value: unknown, folder: string): Config {
  const top = fields(value, 'the configuration')
  const path = (name: string): string => resolve(folder, text(top, name))
  const users = entries(top, 'users').map(([name, user]): [string, GatewayUser] => [
    name,
    {
      name: plainName('users', name),
      keys: texts(user, 'keys').map((line) => keyOf(name, line)),
      hosts: user['hosts'] === undefined ? [] : texts(user, 'hosts'),
      isAdmin: user['isAdmin'] === true,
    },
  ])
  const hosts = entries(top, 'hosts').map(([name, one]): [string, Upstream] => [
    name,
    {
      name: plainName('hosts', name),
      address: text(one, 'address'),
      port: Number(one['port'] ?? 22),
      user: text(one, 'user'),
    },
  ])
  return {
    listen: parseListenAddress(text(top, 'listen')),
    hostKeyFile: path('hostKey'),
    upstreamKeyFile: path('upstreamKey'),
    knownHostsFile: path('knownHosts'),
    recordingsFolder: path('recordings'),
    users: new Map(users),
    hosts: new Map(hosts),
  }
}

type Fields = Readonly<Record<string, unknown>>

function fields(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw usageError(`${name} is to be an object`)
}

function entries(parent: Fields, name: string): (readonly [string, Fields])[] {
  return Object.entries(fields(parent[name], `"${name}"`)).map(
    ([key, value]) => [key, fields(value, `"${name}.${key}"`)] as const,
  )
}

function text(parent: Fields, name: string): string {
  const value = parent[name]
  if (typeof value === 'string' && value !== '') return value
  throw usageError(`"${name}" is missing, or no text`)
}

function texts(parent: Fields, name: string): readonly string[] {
  const value = parent[name]
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  throw usageError(`"${name}" is to be a list of texts`)
}

function keyOf(user: string, line: string): ParsedKey {
  const key = publicKeyOf(line)
  if (typeof key !== 'string') return key
  throw usageError(`a key of "${user}" is no key: ${key}`)
}

/** Names become parts of file names and of login names. */
function plainName(kind: string, name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name
  throw usageError(`"${kind}" has the name "${name}"; use letters, digits, ".", "_" and "-"`)
}
