import js from '@eslint/js'
import globals from 'globals'
import { builtinModules } from 'node:module'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const source = ['packages/*/src/**/*.ts', 'examples/*/src/**/*.{ts,tsx}', 'bench/src/**/*.ts']
const tests = ['{packages,examples}/*/test/**/*.ts', '{bench,docs}/test/**/*.ts']

/** What each folder of core may import from beside itself, lowest first: imports go one way. */
const bottom = ['errors', 'platform', 'ports', 'wire']
const coreFolders = {
  errors: [],
  platform: [],
  ports: bottom,
  wire: bottom,
  channel: bottom,
  session: [...bottom, 'channel/queue'],
  remote: [...bottom, 'channel/queue', 'session/terminal-size'],
  streams: [...bottom, 'channel', 'session', 'remote'],
  handler: [...bottom, 'channel', 'session', 'streams'],
  run: [...bottom, 'streams/watch-process'],
  protocol: [...bottom, 'channel', 'session', 'streams'],
  testing: [...bottom, 'channel', 'session', 'remote', 'streams'],
}

const anyAdapter = {
  regex: '^@hawse/adapter-',
  message: 'Only examples and tests import an adapter; join ports of @hawse/core instead.',
}
const anyTestKit = {
  regex: '^(@hawse/(port-)?conformance|@hawse/core/testing|@jest/)',
  message: 'What is published does not import the kits that test it.',
}
const anotherPackageByPath = {
  regex: String.raw`^(\.\./)+(packages/|examples/|core/|conformance/|port-conformance/|adapter-)`,
  message: 'Import another package by its public name.',
}
const insideAnotherPackage = {
  regex: '^@hawse/[^/]+/(src|dist)(/|$)',
  message: 'Import another package by its public name.',
}
const nodeBuiltin = {
  regex: `^(node:|(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})(/|$))`,
  message: 'This runs anywhere: what needs Node belongs in an adapter.',
}
const everywhere = [anotherPackageByPath, insideAnotherPackage]
const published = [...everywhere, anyAdapter, anyTestKit]

export default defineConfig(
  globalIgnores(['**/dist/', '**/coverage/', '**/.pages-*/']),
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // A number reads the same in a template as through String().
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => port.perform(command)` is how commands are wired.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      // A program may return nothing or a promise of nothing.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // The types of a vendor's events list one overload per event.
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      eqeqeq: 'error',
      'no-restricted-imports': ['error', { patterns: everywhere }],
    },
  },
  {
    files: source,
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 40 }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
        { selector: 'ExportSpecifier[exported.name="default"]', message: 'Export by name.' },
        { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
      ],
    },
  },
  // The suites of the kit are tests: one describe block holds one subject.
  {
    files: ['packages/port-conformance/src/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  { files: ['packages/*/src/**/*.ts'], rules: restrictImports(published) },
  {
    files: ['packages/{port-,}conformance/src/**/*.ts'],
    rules: restrictImports([...everywhere, anyAdapter]),
  },
  {
    files: ['packages/{core,session-tools}/src/**/*.ts'],
    rules: restrictImports([...published, nodeBuiltin]),
  },
  ...Object.entries(coreFolders).map(([folder, allowed]) => ({
    files: [`packages/core/src/${folder}/**/*.ts`],
    rules: restrictImports([...published, nodeBuiltin, foldersAbove(folder, allowed)]),
  })),
  {
    files: tests,
    rules: {
      // A missing element shows as a failed expectation.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Methods are looked at, replaced and put back.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['*.ts', 'packages/*/*.ts', 'examples/*/*.ts', 'bench/*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
  },
)

function restrictImports(patterns) {
  return { 'no-restricted-imports': ['error', { patterns }] }
}

/** Every import that climbs out of `folder` to a place that it may not know. */
function foldersAbove(folder, allowed) {
  const targets = allowed.map((path) => (path.includes('/') ? `${path}$` : `${path}/`))
  return {
    regex: String.raw`^(\.\./)+(?!\.\./|${[...targets, `${folder}/`].join('|')})`,
    message: `core/${folder} imports only: ${allowed.join(', ') || 'nothing'}.`,
  }
}
