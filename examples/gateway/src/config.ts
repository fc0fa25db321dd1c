import { userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import {
  parseJsonFile,
  parseListenAddress,
  publicKeyLine,
  readTrustedFile,
  type ListenAddress,
  type Owner,
} from '@hawse/example-kit'
import type { ParsedKey } from 'ssh2'
import { z } from 'zod'

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

/**
 * Reads a configuration file; relative paths start at its folder. Throws a `StartError` that says where what is wrong,
 * or how others could have written the file.
 */
export function readConfig(file: string): Config {
  return parseConfig(readTrustedFile(file, accountNow()), file)
}

/** Makes a configuration of the text of a file, whose folder relative paths start at. */
export function parseConfig(text: string, file: string): Config {
  const example = '{"listen": "HOST:PORT", "users": {...}, "hosts": {...}, ...}: see the README'
  const read = parseJsonFile(configFile, { file, text, example })
  const path = (name: string): string => resolve(dirname(file), name)
  const named = <Value extends object>(values: Readonly<Record<string, Value>>) =>
    new Map(Object.entries(values).map(([name, value]) => [name, { ...value, name }]))
  return {
    listen: parseListenAddress(read.listen),
    hostKeyFile: path(read.hostKey),
    upstreamKeyFile: path(read.upstreamKey),
    knownHostsFile: path(read.knownHosts),
    recordingsFolder: path(read.recordings),
    users: named(read.users),
    hosts: named(read.hosts),
  }
}

/** Names become parts of file names and of login names. */
const plainName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected letters, digits, ".", "_" and "-"')

const someText = z.string().min(1, 'expected a text')

const configFile = z
  .strictObject({
    listen: someText,
    hostKey: someText,
    upstreamKey: someText,
    knownHosts: someText,
    recordings: someText,
    users: z.record(
      plainName,
      z.strictObject({
        keys: z.array(publicKeyLine),
        hosts: z.array(z.string()).default([]),
        isAdmin: z.boolean().default(false),
      }),
    ),
    hosts: z.record(
      plainName,
      z.strictObject({
        address: someText,
        port: z.int().min(1).max(65_535).default(22),
        user: someText,
      }),
    ),
  })
  .superRefine(({ users, hosts }, context) => {
    for (const [user, { hosts: allowed }] of Object.entries(users)) {
      const unknown = allowed.findIndex((name) => name !== '*' && !Object.hasOwn(hosts, name))
      if (unknown < 0) continue
      const message = `there is no host ${allowed[unknown]} under "hosts"`
      context.addIssue({ code: 'custom', path: ['users', user, 'hosts', unknown], message })
    }
  })

function accountNow(): Owner {
  const { uid, homedir: home } = userInfo()
  return { uid, home }
}
