import { describe, expect } from '@jest/globals'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseGitCommand } from '@hawse/core'
import { makeTemporaryFolder } from '@hawse/port-conformance'
import { itWithPeers } from '../src/peers/it-with-peers'
import { runClient } from '../src/servers/run-client'

/** Names of repositories, as the part after `host:`. */
const accepted = [
  '/a.git',
  'a',
  '~/a',
  "it's!",
  'a b"c$d',
  'a\\b',
  '$(id)`x`;|&',
  'é',
  "'!'",
  '...',
]
const refused = ['../a', '/a/../b', 'a\nb', '\u001b[2J']

describe('parseGitCommand, told what git sends', () => {
  for (const path of accepted) {
    itWithPeers(`takes ${JSON.stringify(path)}`, ['git'], async () => {
      const command = await commandOf(['ls-remote', `host:${path}`])
      expect(parseGitCommand(command)).toEqual({ service: 'git-upload-pack', path })
    })
  }

  for (const path of refused) {
    itWithPeers(`takes no ${JSON.stringify(path)}`, ['git'], async () => {
      expect(parseGitCommand(await commandOf(['ls-remote', `host:${path}`]))).toBeNull()
    })
  }

  itWithPeers('takes every service', ['git'], async () => {
    const push = ['push', 'host:a b', 'HEAD']
    const archive = ['archive', '--remote=host:a b', 'HEAD']
    const asSubcommand = ['ls-remote', '--upload-pack=git upload-pack', 'host:a b']
    const [pushed, archived, listed] = [
      parseGitCommand(await commandOf(push)),
      parseGitCommand(await commandOf(archive)),
      parseGitCommand(await commandOf(asSubcommand)),
    ]
    expect(pushed).toEqual({ service: 'git-receive-pack', path: 'a b' })
    expect(archived).toEqual({ service: 'git-upload-archive', path: 'a b' })
    expect(listed).toEqual({ service: 'git-upload-pack', path: 'a b' })
  })

  itWithPeers('takes no other program that a client names', ['git'], async () => {
    for (const program of ['id;git-upload-pack', 'git-upload-pack --timeout=1', '/bin/sh -c id']) {
      const command = await commandOf(['ls-remote', `--upload-pack=${program}`, 'host:a'])
      expect(command).toContain(program)
      expect(parseGitCommand(command)).toBeNull()
    }
  })
})

/** The command that git has its ssh run, as it was given. */
async function commandOf(args: readonly string[]): Promise<string> {
  const folder = await makeTemporaryFolder()
  const file = folder.file('command')
  const ssh = folder.file('ssh')
  writeFileSync(ssh, `#!/bin/sh\nfor last; do :; done\nprintf %s "$last" > ${file}\nexit 1\n`, {
    mode: 0o755,
  })
  try {
    const tree = folder.file('tree')
    await runGit(['init', '--quiet', tree])
    await runGit(['-C', tree, 'commit', '--quiet', '--allow-empty', '--message', 'Empty'])
    const { stderr } = await runGit(['-C', tree, ...args], { GIT_SSH_COMMAND: ssh })
    if (!existsSync(file)) throw new Error(`git ran no ssh: ${stderr.toString()}`)
    return readFileSync(file, 'utf8')
  } finally {
    await folder.remove()
  }
}

function runGit(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const settings = {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_SSH_VARIANT: 'ssh',
    GIT_AUTHOR_NAME: 'Test',
    GIT_AUTHOR_EMAIL: 'test@example.com',
    GIT_COMMITTER_NAME: 'Test',
    GIT_COMMITTER_EMAIL: 'test@example.com',
  }
  return runClient('git', args, { environment: { ...settings, ...environment } })
}
