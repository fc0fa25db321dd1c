export { plainGitEnvironment } from './peers/git-environment'
export { itUnless, itWithPeers } from './peers/it-with-peers'
export { findProgram, missingPeerReason } from './peers/missing-peer'
export { missingTerminalReason } from './peers/missing-terminal'
export { descendantsOf, isRunning, killPrinted } from './peers/processes'
export { openTerminalWindow, type TerminalWindow } from './peers/terminal-window'
export {
  conditionBoundMs,
  makeTemporaryFolder,
  waitUntil,
  type TemporaryFolder,
} from '@hawse/port-conformance'
export {
  runScenario,
  scenario,
  type Scenario,
  type ScenarioContext,
  type SshRunOptions,
} from './scenarios/scenario'
export { scenarioTable } from './scenarios/scenario-table'
export { currentAccount, sessionAccount, type Account } from './servers/account'
export { startByHandServer } from './servers/by-hand-server'
export { startExampleSshd, type ExampleSshdOptions } from './servers/example-sshd'
export { makeKey } from './servers/keys'
export { readAll, readDigest, readSlowly, type OutputReader } from './servers/output-reader'
export { readmeConfiguration } from './servers/readme-configuration'
export { startReferenceSshd, type ReferenceSshdOptions } from './servers/reference-sshd'
export { runClient, startClient, type ClientOptions, type ClientResult } from './servers/run-client'
export { startServerProcess, type ServerProcess } from './servers/server-process'
export { clientOptions, sshArguments, type ServerUnderTest } from './servers/server-under-test'
export type { RawChannel } from './wire/raw-channel'
export { connectRaw, type RawClient } from './wire/raw-client'
export { data, exec, request } from './wire/raw-messages'
