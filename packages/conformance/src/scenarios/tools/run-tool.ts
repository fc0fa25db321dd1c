import { expect } from 'expect'
import { runClient, type ClientOptions, type ClientResult } from '../../servers/run-client'
import { clientOptions, type ServerUnderTest } from '../../servers/server-under-test'
import type { ScenarioContext } from '../scenario'

/** Most time that a scenario with a tool may take, in milliseconds: some carry 100 MB. */
export const toolBoundMs = 900_000

/** Runs a tool to its end, in the scenario's folder and with that as its home. */
export function runTool(
  { folder }: ScenarioContext,
  command: string,
  args: readonly string[],
  options: ClientOptions = {},
): Promise<ClientResult> {
  const environment = { ...homeIn(folder.path), ...options.environment }
  return runClient(command, args, {
    folder: folder.path,
    timeoutMs: toolBoundMs - 10_000,
    ...options,
    environment,
  })
}

/** Runs a tool to its end and expects that it reports success; gives its stdout. */
export async function succeed(
  context: ScenarioContext,
  command: string,
  args: readonly string[],
  options: ClientOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await runTool(context, command, args, options)
  expect({ command, code, stderr: code === 0 ? '' : stderr.toString() }).toEqual({
    command,
    code: 0,
    stderr: '',
  })
  return stdout.toString()
}

/** The `ssh` command for programs that split it at spaces; none of its arguments has one. */
export function shellCommand(server: ServerUnderTest): string {
  return ['ssh', ...clientOptions(server)].join(' ')
}

/** What makes a program read and write its settings in a folder instead of the home of whoever runs the tests. */
export function homeIn(folder: string): Readonly<Record<string, string>> {
  return {
    HOME: folder,
    XDG_CONFIG_HOME: `${folder}/.config`,
    XDG_DATA_HOME: `${folder}/.local/share`,
    PUTTYDIR: `${folder}/.putty`,
    XDG_CACHE_HOME: `${folder}/.cache`,
    LC_ALL: 'C.UTF-8',
  }
}
