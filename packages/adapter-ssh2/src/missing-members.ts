/** What a member has to be: a `typeof`, or `present` where any value will do. */
export type MemberKind = 'object' | 'function' | 'number' | 'string' | 'present'

/** Members by dotted path, such as `_protocol._cipher.encrypt`. */
export type RequiredMembers = Readonly<Record<string, MemberKind>>

/** The paths below an object that are not there or not what they have to be; reads them, and changes nothing. */
export function missingMembers(root: object, required: RequiredMembers): readonly string[] {
  return Object.entries(required)
    .filter(([path, kind]) => !isMember(root, path.split('.'), kind))
    .map(([path]) => path)
}

function isMember(root: unknown, path: readonly string[], kind: MemberKind): boolean {
  const [name, ...rest] = path
  if (typeof root !== 'object' || root === null || name === undefined || !(name in root))
    return false
  const member: unknown = Reflect.get(root, name)
  if (rest.length > 0) return isMember(member, rest, kind)
  return kind === 'present' || (typeof member === kind && member !== null)
}
