/** What programs outside of jest use of this package: the servers, and clients for them. */
export { compiledProgram } from './clients/compiled-program'
export {
  debianGo,
  debianGoFolder,
  debianPython,
  debianPythonModules,
} from './clients/debian-languages'
export { table } from './fidelity/markdown'
export { lookUpRunFacts, type RunFacts } from './fidelity/run-facts'
export { findProgram, missingPeerReason } from './peers/missing-peer'
export { missingTerminalReason } from './peers/missing-terminal'
export { makeTemporaryFolder, waitUntil, type TemporaryFolder } from '@hawse/port-conformance'
export { currentAccount, plainAccount, type Account } from './servers/account'
export { startByHandServer } from './servers/by-hand-server'
export { startExampleSshd } from './servers/example-sshd'
export { makeServerKeys, writeKnownHosts } from './servers/keys'
export { findInRepository, readableBy } from './servers/node-server'
export { startReferenceSshd } from './servers/reference-sshd'
export { startServerProcess } from './servers/server-process'
export { clientOptions, sshArguments, type ReachableServer } from './servers/server-under-test'
export { connectRaw, type RawClient } from './wire/raw-client'
export { data, exec } from './wire/raw-messages'
