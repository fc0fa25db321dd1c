import { listen, type ListenAddress } from '@hawse/example-kit'
import { createLoggedGate } from './logged-gate'
import { createSshService, type SshServiceSettings } from './ssh-service'

/** Everything that a server is made of. */
export interface ServerSettings extends SshServiceSettings {
  readonly listen: ListenAddress
}

/** A server that serves. */
export interface RunningServer {
  /** Where it listens, with the port that was chosen. */
  readonly address: ListenAddress
  /**
   * Takes no more connections and sessions, ends the sessions after the time of grace, and then the connections;
   * resolves when all have ended.
   */
  close(graceMs: number): Promise<void>
}

/** Milliseconds that clients have, after the last session, to close their connections. */
export const farewellMs = 1_000

/** Starts to serve in this process; rejects with a `StartError` where the address is not to be had. */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const gate = createLoggedGate(settings.limits, settings.log)
  const service = createSshService(settings, (address, port) => gate.release(address, port))
  const listener = await listen(settings.listen, (socket) => {
    if (gate.admit(socket)) service.serve(socket)
  })
  const close = async (graceMs: number): Promise<void> => {
    const stopped = listener.stop()
    await service.end(graceMs)
    const farewell = setTimeout(() => listener.destroyConnections(), farewellMs)
    await stopped.finally(() => clearTimeout(farewell))
  }
  return { address: listener.address, close }
}
