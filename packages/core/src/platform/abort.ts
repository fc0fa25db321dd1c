/** What we use of an `AbortSignal`; those of Node and of browsers fit. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** The owner's end of an abort signal. */
export interface AbortControllerLike {
  readonly signal: AbortSignalLike
  abort(reason?: unknown): void
}

/** Makes an abort controller of the platform (DOM standard section 3.1), which Node and browsers share. */
export function createAbortController(): AbortControllerLike {
  return new platform.AbortController()
}

const platform = globalThis as unknown as {
  readonly AbortController: new () => AbortControllerLike
}
