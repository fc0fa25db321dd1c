/** Tests of all packages in one run. Packages are consumed by their public names, as built. */
export default {
  roots: ['packages', 'examples', 'bench', 'docs'].map((folder) => `<rootDir>/${folder}`),
  testMatch: ['**/test/**/*.test.ts'],
  testEnvironment: 'node',
  transform: {
    '^.+\\.[cm]?tsx?$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // Only what hangs needs it: the bounds of what a test waits for are shorter, and say what it waited for.
  testTimeout: 600_000,
}
