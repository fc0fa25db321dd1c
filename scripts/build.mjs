// Builds the packages whose output is older than what it is made of, lowest first.
// Usage: node scripts/build.mjs [--force] [PACKAGE...]   (a package stands for all that it needs)
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { exportedFiles, rootFolder, workspacePackages } from './workspace.mjs'

const packages = new Map(workspacePackages().map((one) => [one.name, one]))
const names = process.argv.slice(2).filter((argument) => argument !== '--force')
const isForced = process.argv.includes('--force')

const wanted = new Set()
for (const name of names.length > 0 ? names : packages.keys()) addWithNeeds(name)
const stale = new Set()
for (const name of wanted) if (isForced || isStale(packages.get(name))) stale.add(name)
if (stale.size > 0) build([...stale])

/** Puts a package behind all that it needs, so that the set is in order of building. */
function addWithNeeds(name) {
  const found = packages.get(name)
  if (found === undefined)
    throw new Error(`no package is called ${name}; see packages and examples`)
  for (const need of found.needs) if (!wanted.has(need)) addWithNeeds(need)
  wanted.add(name)
}

function isStale({ folder, manifest, needs }) {
  if (needs.some((need) => stale.has(need))) return true
  const outputs = outputFiles(folder, manifest)
  if (!outputs.every((file) => existsSync(file))) return true
  const built = needs.flatMap((need) =>
    outputFiles(packages.get(need).folder, packages.get(need).manifest),
  )
  const newestInput = Math.max(...[...inputFiles(folder), ...built].map(changedMs))
  return newestInput > Math.min(...outputs.map(changedMs))
}

/** An example exports nothing; its program is `dist/main.js`. */
function outputFiles(folder, manifest) {
  const exported = exportedFiles(manifest)
  return (exported.length > 0 ? exported : ['./dist/main.js']).map((path) => join(folder, path))
}

function inputFiles(folder) {
  const sources = readdirSync(join(folder, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  const own = ['package.json', 'tsconfig.json', 'tsup.config.ts'].map((name) => join(folder, name))
  const shared = ['tsup.preset.ts', 'tsconfig.base.json', 'pnpm-lock.yaml'].map((name) =>
    join(rootFolder, name),
  )
  return [...sources, ...own, ...shared]
}

function changedMs(file) {
  return statSync(file).mtimeMs
}

/** pnpm runs them in order of their needs, side by side where it can; it speaks only of failures. */
function build(names) {
  process.stderr.write(`building ${names.join(', ')}\n`)
  const filters = names.flatMap((name) => ['--filter', name])
  const options = { cwd: rootFolder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }
  const run = spawnSync('pnpm', [...filters, 'run', 'build'], options)
  if (run.status === 0) return
  process.stderr.write(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}\n`)
  process.exitCode = 1
}
