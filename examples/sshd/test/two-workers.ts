import { afterEach } from '@jest/globals'
import { startExample, type ExampleServer } from './example-server'

/** Starts the example with two workers and a log that can be read. */
export type StartTwoWorkers = (
  args?: readonly string[],
  env?: NodeJS.ProcessEnv,
) => Promise<ExampleServer>

/** Servers with two workers that keep their files in a folder; each is killed after the test that started it. */
export function twoWorkers(folder: string): StartTwoWorkers {
  const servers: ExampleServer[] = []
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.kill('SIGKILL')
      await server.ended
    }
  })
  return async (args = [], env = {}) => {
    const workers = ['--workers', '2', '--log-format', 'json']
    const server = await startExample(folder, [...workers, ...args], env)
    servers.push(server)
    return server
  }
}
