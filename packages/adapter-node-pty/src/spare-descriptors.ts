/**
 * Quirk: where `spawn` finds no descriptor left (EMFILE, ENFILE), Node forgets the ends of the socket pairs that it
 * has made by then, and so does node-pty with the ends of a terminal. So whoever asks for them makes sure first that none
 * will lack. The adapter for child processes has the same guard; adapters do not import each other.
 */
import { closeSync, openSync } from 'node:fs'

/** What `spawn` opens for three socket pairs and for the report of exec, and some for other threads. */
const neededDescriptors = 12

/** Throws what the system says where there are too few descriptors to start a program. */
export function requireSpareDescriptors(): void {
  const descriptors: number[] = []
  try {
    while (descriptors.length < neededDescriptors) descriptors.push(openSync('/dev/null', 'r'))
  } finally {
    descriptors.forEach((descriptor) => closeSync(descriptor))
  }
}
