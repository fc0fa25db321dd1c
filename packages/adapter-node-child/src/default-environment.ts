/**
 * The environment of a program for which none is given: a PATH and nothing else.
 *
 * The environment of this process (its secrets, its NODE_OPTIONS) is never inherited; a server hands on what it means to.
 */
export const defaultEnvironment: Readonly<Record<string, string>> = Object.freeze({
  PATH: '/usr/local/bin:/usr/bin:/bin',
})
