// Checks each public package as its users get it: packed, unpacked beside its peers, and imported.
// Needs the packages built, and no network. Prints one row per package, then every finding.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { exportedFiles, rootFolder, workspacePackages } from './workspace.mjs'

/** Most that the main ESM entry may weigh, with what it loads of its own package, in gzipped KiB. */
const budgetsKib = {
  '@hawse/core': 45,
  '@hawse/adapter-node-child': 10,
  '@hawse/adapter-node-pty': 15,
  '@hawse/adapter-ssh2': 10,
  '@hawse/node-stdio': 5,
  '@hawse/node-streams': 3,
  '@hawse/node-tty': 8,
  '@hawse/port-conformance': 20,
  '@hawse/session-tools': 13,
}

const shippedFiles = /^(dist\/|package\.json$|LICENSE$|README\.md$|CHANGELOG\.md$)/

/** Options of a strict consumer that leaves no declaration unchecked. */
const consumerOptions = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2022', 'esnext.disposable', 'dom'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
  },
  files: ['main.mts', 'main.cts'],
}

const folder = mkdtempSync(join(tmpdir(), 'hawse-packages-'))
const findings = []
try {
  const packed = workspacePackages().filter(isPublic).map(pack)
  const consumer = installAll(packed)
  for (const one of packed) check(one, consumer)
  checkTypes(packed, consumer)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
for (const finding of findings) console.error(finding)
console.log(findings.length === 0 ? 'packages: all good' : `packages: ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1

function isPublic({ manifest }) {
  return manifest.private !== true
}

/** Packs as a publication would, which also rewrites the `workspace:` ranges. */
function pack(one) {
  const args = ['--filter', one.name, 'pack', '--pack-destination', folder, '--json']
  const run = mustRun('pnpm', args, rootFolder)
  const { filename, files } = JSON.parse(run.slice(run.indexOf('{')))
  return { ...one, tarball: filename, files: files.map(({ path }) => path) }
}

/** A folder with the packed packages, and their peers from the workspace. */
function installAll(packed) {
  const consumer = join(folder, 'consumer')
  for (const { name, tarball } of packed) {
    const target = join(consumer, 'node_modules', name)
    mkdirSync(target, { recursive: true })
    mustRun('tar', ['-xzf', tarball, '--strip-components=1', '-C', target], folder)
  }
  for (const one of packed) for (const peer of vendors(one)) linkOnce(one.folder, peer, consumer)
  for (const name of ['typescript', '@types/node']) linkOnce(rootFolder, name, consumer)
  return consumer
}

function vendors({ manifest }) {
  const { dependencies, peerDependencies } = manifest
  const names = Object.keys({ ...dependencies, ...peerDependencies })
  const types = names
    .map((name) => `@types/${name}`)
    .filter((name) => name in manifest.devDependencies)
  return [...names, ...types].filter((name) => !name.startsWith('@hawse/'))
}

function linkOnce(from, name, consumer) {
  const target = join(consumer, 'node_modules', name)
  const source = join(from, 'node_modules', name)
  if (existsSync(target) || !existsSync(source)) return
  mkdirSync(dirname(target), { recursive: true })
  symlinkSync(source, target, 'dir')
}

function check(one, consumer) {
  const report = (text) => findings.push(`${one.name}: ${text}`)
  checkFiles(one, consumer, report)
  checkTool('publint', ['run', one.tarball, '--strict'], report)
  checkTool('attw', [one.tarball, '--profile', 'node16', '--no-emoji', '--no-color'], report)
  checkImports(one, consumer, report)
  checkSize(one, consumer, report)
}

function checkFiles({ name, files, manifest }, consumer, report) {
  for (const wanted of [
    'LICENSE',
    'README.md',
    ...exportedFiles(manifest).map((path) => path.slice(2)),
  ])
    if (!files.includes(wanted)) report(`${wanted} is not in the tarball`)
  for (const file of files)
    if (!shippedFiles.test(file) || /\.test\./.test(file))
      report(`${file} is in the tarball and of no use there`)
  const shipped = readFileSync(join(consumer, 'node_modules', name, 'package.json'), 'utf8')
  if (shipped.includes('workspace:')) report('a workspace: range is left in its package.json')
}

function checkTool(name, args, report) {
  const run = spawnSync(join(rootFolder, 'node_modules/.bin', name), args, { encoding: 'utf8' })
  if (run.status !== 0) report(`${name} says\n${run.stdout}${run.stderr}`)
}

/** Both module systems load every entry, and find the same names there. */
function checkImports({ manifest }, consumer, report) {
  for (const entry of entriesOf(manifest)) {
    const asEsm = namesIn('mjs', `import * as all from '${entry}'`, consumer)
    const asCjs = namesIn('cjs', `const all = require('${entry}')`, consumer)
    if (asEsm.error !== '') report(`import of ${entry} fails: ${asEsm.error}`)
    else if (asCjs.error !== '') report(`require of ${entry} fails: ${asCjs.error}`)
    else if (asEsm.names === '') report(`${entry} exports nothing`)
    else if (asEsm.names !== asCjs.names)
      report(`${entry} differs: import gives ${asEsm.names}, require gives ${asCjs.names}`)
  }
}

function entriesOf({ name, exports }) {
  return Object.keys(exports)
    .filter((path) => !path.endsWith('.json'))
    .map((path) => name + path.slice(1))
}

function namesIn(extension, load, consumer) {
  const file = join(consumer, `load.${extension}`)
  writeFileSync(file, `${load}\nconsole.log(Object.keys(all).sort().join(' '))\n`)
  const run = spawnSync(process.execPath, [file], { cwd: consumer, encoding: 'utf8' })
  return { names: run.stdout.trim(), error: run.status === 0 ? '' : run.stderr }
}

function checkSize({ name, manifest }, consumer, report) {
  const entry = join(consumer, 'node_modules', name, manifest.exports['.'].import.default)
  const sizeKib = gzipSync(loadedText(entry, new Set())).length / 1024
  const budgetKib = budgetsKib[name]
  console.log(`${name}: ${sizeKib.toFixed(1)} KiB gzipped of ${budgetKib} KiB`)
  if (budgetKib === undefined) report('has no size budget; add one to scripts/check-packages.mjs')
  else if (sizeKib > budgetKib)
    report(`weighs ${sizeKib.toFixed(1)} KiB, more than ${budgetKib} KiB`)
}

/** The text of a module and of the modules of its own package that it loads. */
function loadedText(file, seen) {
  if (seen.has(file)) return ''
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  const imports = [...text.matchAll(/from ['"](\.[^'"]+)['"]/g)].map(([, path]) => path)
  return text + imports.map((path) => loadedText(join(dirname(file), path), seen)).join('')
}

/** A strict consumer compiles against every entry, as ESM and as CommonJS, our declarations included. */
function checkTypes(packed, consumer) {
  const entries = packed.flatMap(({ manifest }) => entriesOf(manifest))
  const names = entries.map((_, index) => `entry${index}`)
  const imports = entries.map((entry, index) => `import * as ${names[index]} from '${entry}'`)
  const text = [...imports, `export const all = [${names.join(', ')}]`, ''].join('\n')
  for (const file of ['main.mts', 'main.cts']) writeFileSync(join(consumer, file), text)
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify(consumerOptions))
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const run = spawnSync(process.execPath, [compiler], { cwd: consumer, encoding: 'utf8' })
  if (run.status !== 0) findings.push(`a consumer does not compile:\n${run.stdout}`)
}

function mustRun(program, args, cwd) {
  const run = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (run.status === 0) return run.stdout
  throw new Error(
    `${program} ${args.join(' ')} failed:\n${run.stdout ?? ''}${run.stderr ?? ''}${run.error ?? ''}`,
  )
}
