/** Chooses who has the fewest of something; of several that have as few, each in turn. */
export function leastBusy<Candidate>(
  candidates: () => readonly Candidate[],
): (countOf: (candidate: Candidate) => number) => Candidate | undefined {
  let turn = 0
  return (countOf) => {
    const all = candidates()
    const fewest = Math.min(...all.map(countOf))
    const idlest = all.filter((candidate) => countOf(candidate) === fewest)
    const chosen = idlest[turn % idlest.length]
    turn += 1
    return chosen
  }
}
