/** The `code` of a system error (`EAGAIN`, `ENOENT`), empty where there is none. */
export function errorCode(error: unknown): string {
  return isObject(error) && typeof error['code'] === 'string' ? error['code'] : ''
}

/** The message of an error, or the thrown value as text. */
export function errorMessage(error: unknown): string {
  return isObject(error) && typeof error['message'] === 'string' ? error['message'] : String(error)
}

/** Not `instanceof Error`: an error of Node can come from another realm (a vm context, a test runner). */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
