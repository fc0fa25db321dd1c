import { defineConfig, type Options } from 'tsup'

/** The build of every package: ESM and CommonJS, each with its own types. */
export function libraryBuild(entry: readonly string[]): ReturnType<typeof defineConfig> {
  return defineConfig({
    ...shared,
    entry: [...entry],
    format: ['esm', 'cjs'],
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  })
}

/** The build of a program: one ESM file, no types. */
export function programBuild(
  entry: readonly string[],
  outDir = 'dist',
): ReturnType<typeof defineConfig> {
  return defineConfig({ ...shared, entry: [...entry], format: ['esm'], outDir })
}

const shared: Options = {
  target: 'es2022',
  clean: true,
  sourcemap: true,
  treeshake: true,
  silent: true,
}
