import { childProcess } from '@hawse/adapter-node-child'
import { run } from '@hawse/core'
import { gitEnvironment } from './git-environment'

/**
 * Makes a branch that was pushed the one that clones begin with, where the one that a new repository names is not there:
 * not everybody calls it `main`.
 */
export async function settleHead(path: string, folder: string): Promise<void> {
  const git = async (...args: readonly string[]) =>
    run(childProcess(['git', '--git-dir', path, ...args], { env: gitEnvironment(folder) }), {
      shouldReject: false,
      timeoutMs: 60_000,
    })
  const head = await git('rev-parse', '--quiet', '--verify', 'HEAD')
  if (head.failure === undefined) return
  const { stdout } = await git('for-each-ref', '--count=1', '--format=%(refname)', 'refs/heads')
  const branch = stdout.trim()
  if (branch !== '') await git('symbolic-ref', 'HEAD', branch)
}
