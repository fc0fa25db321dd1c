import { Socket } from 'node:net'

/** Our end of one output of a program, before anybody listens. */
export interface OutputStream {
  readonly socket: Socket
  /** Has `receive` told of bytes, which are only lent where `isLent` says so then: they change with the next read. */
  readonly listen: (receive: (bytes: Uint8Array, isLent: boolean) => void) => void
}

/** The output of a child that Node made a socket pair for: every read has memory of its own. */
export function socketOutput(socket: Socket): OutputStream {
  return { socket, listen: (receive) => socket.on('data', (bytes) => receive(bytes, false)) }
}

/**
 * The output at the other end of a pipe. All pipes are read into the same memory, for a read is told of before the
 * next one begins: memory for each read would be as many bytes to collect as a program writes.
 */
export function pipeOutput(fd: number): OutputStream {
  let receive: (bytes: Uint8Array, isLent: boolean) => void = () => undefined
  const callback = (byteCount: number, buffer: Uint8Array): boolean => {
    receive(buffer.subarray(0, byteCount), true)
    return true
  }
  // The types of Node know `onread` where a socket connects, and not here.
  const options = {
    fd,
    readable: true,
    writable: false,
    onread: { buffer: sharedBuffer, callback },
  }
  const socket = new Socket(options)
  return {
    socket,
    listen: (listener) => {
      receive = listener
    },
  }
}

/** What a pipe of Linux holds: 64 KiB. */
const sharedBuffer = Buffer.allocUnsafeSlow(64 * 1024)
