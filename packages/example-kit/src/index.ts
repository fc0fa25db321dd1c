export { generateEd25519Key } from './ed25519-key'
export { openIdentity, type Identity } from './identity'
export { parseJsonFile, publicKeyLine, type JsonFile } from './json-file'
export {
  connectHost,
  formatListenAddress,
  parseListenAddress,
  type ListenAddress,
} from './listen-address'
export { listen, type Listener, type ListenOptions } from './listener'
export { isProven, loginAttemptOf, offersKey, type LoginAttempt } from './login-attempt'
export { onceEach } from './once-each'
export { printable } from './printable'
export { fingerprint, isSameKey, parseKey, publicKeyOf, takenKeyTypes } from './public-key'
export { parseSeconds, readArguments } from './read-arguments'
export { runProgram } from './run-program'
export { shellQuote } from './shell-quote'
export { closeOnSignals } from './shutdown'
export { sshLine, sshOptions, type SshFiles, type SshLine } from './ssh-line'
export { reasonOf, StartError, usageError } from './start-error'
export { createPrivateFile, stateFolderPath } from './state-folder'
export { readTrustedFile, type Owner } from './trusted-file'
