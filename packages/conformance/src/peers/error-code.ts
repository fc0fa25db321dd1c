/**
 * The `code` of a system error, undefined where there is none.
 *
 * Found by structure: under jest, errors made by Node.js itself are no instances of the `Error` that tests see.
 */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
