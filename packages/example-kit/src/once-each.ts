/** A log that is told nothing twice. */
export function onceEach(log: (line: string) => void): (line: string) => void {
  const told = new Set<string>()
  return (line) => {
    if (!told.has(line)) log(line)
    told.add(line)
  }
}
