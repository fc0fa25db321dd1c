/**
 * Quirk: where `spawn` finds no descriptor left (EMFILE, ENFILE), Node forgets the ends of the socket pairs that it
 * has made by then, and nobody can close them. So whoever asks for socket pairs makes sure first that none will lack.
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
