import type { Compiler } from './compiled-program'

/** Debian's own Python, for another one that comes first on PATH has no modules of Debian. */
export const debianPython = '/usr/bin/python3'

/** Folder of the modules that Debian packages bring for it. */
export const debianPythonModules = '/usr/lib/python3/dist-packages'

/** Folder of the Go sources that Debian packages bring. */
export const debianGoFolder = '/usr/share/gocode'

/** Compiles one Go file with the sources of Debian packages and nothing else. */
export function debianGo(file: () => string): Compiler {
  return {
    command: 'go',
    args: (output) => ['build', '-o', output, file()],
    environment: (cacheFolder) => ({
      GO111MODULE: 'off',
      GOCACHE: cacheFolder,
      GOFLAGS: '',
      GOPATH: debianGoFolder,
      GOTELEMETRY: 'off',
    }),
  }
}
