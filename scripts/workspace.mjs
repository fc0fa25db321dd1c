import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root folder of the repository. */
export const rootFolder = dirname(dirname(fileURLToPath(import.meta.url)))

/** Every package of the workspace: its folder, its manifest, and the names of those it needs to build. */
export function workspacePackages() {
  const inGroups = ['packages', 'examples'].flatMap((group) =>
    readdirSync(join(rootFolder, group)).map((name) => `${group}/${name}`),
  )
  return [...inGroups, 'bench']
    .map((path) => join(rootFolder, path))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map(describePackage)
}

/** The files that a manifest's `exports` promise, relative to the package. */
export function exportedFiles(manifest) {
  return leaves(manifest.exports ?? {}).filter((path) => path.startsWith('./dist/'))
}

function describePackage(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { dependencies, peerDependencies } = manifest
  const needs = Object.entries({ ...dependencies, ...peerDependencies })
    .filter(([, range]) => range.startsWith('workspace:'))
    .map(([name]) => name)
  return { name: manifest.name, folder, manifest, needs }
}

function leaves(node) {
  return typeof node === 'string' ? [node] : Object.values(node).flatMap(leaves)
}
