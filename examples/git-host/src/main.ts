import {
  closeOnSignals,
  connectHost,
  formatListenAddress,
  openIdentity,
  runProgram,
  stateFolderPath,
} from '@hawse/example-kit'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { accessFrom } from './access-source'
import { cloneLine } from './clone-line'
import { createAccessFile, firstUser, openRepositories } from './first-start'
import { helpText, parseOptions, type Options } from './options'
import { repositoriesIn } from './repositories'
import { startGitHost } from './server'

runProgram('git-host', async (args) => {
  const options = parseOptions(args)
  if (options.isHelp) process.stdout.write(helpText)
  else await serve(options)
})

async function serve(options: Options): Promise<void> {
  const { username, uid, homedir: home } = userInfo()
  const stateFolder = stateFolderPath(process.env['XDG_STATE_HOME'], home, 'hawse-git-host')
  const identity = openIdentity(stateFolder, { uid, home }, options.hostKeyFiles)
  const user = firstUser(username)
  const accessFile = options.access ?? createAccessFile(stateFolder, user, identity)
  const folder = openRepositories(options.repositories ?? join(stateFolder, 'repositories'))
  const access = accessFrom(accessFile, { uid, home }, log)
  const host = await startGitHost({
    ...{ listen: options.listen, hostKeys: identity.hostKeys },
    ...{ access, folder, log },
  })
  closeOnSignals(() => host.close(options.graceMs), options.graceMs)
  const address = { ...host.address, host: connectHost(host.address.host) }
  process.stdout.write(
    `listening on ${formatListenAddress(host.address)}\nrepositories in ${folder}\naccess by ${accessFile}\n`,
  )
  if (options.access !== undefined) return
  // Something to clone.
  const example = `${user}/hello.git`
  await repositoriesIn(folder).findOrCreate(example)
  process.stdout.write(`${cloneLine(identity, address, example)}\n`)
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`)
}
