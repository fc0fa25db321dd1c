/** Replies owed and awaited (RFC 4254 section 5.4): each request that wants a reply gets one, in order. */
export interface RequestLedger {
  readonly nextRequestId: number
  /** Requests of the peer that still owe a reply, oldest first. */
  readonly owed: readonly Owed[]
  /** Requests of ours that were not yet answered. */
  readonly awaitedReplies: number
}

interface Owed {
  readonly requestId: number
  readonly answer: 'undecided' | 'success' | 'failure'
}

/** A ledger with nothing owed. */
export const emptyLedger: RequestLedger = { nextRequestId: 1, owed: [], awaitedReplies: 0 }

/** Notes a request of the peer and gives it its id. */
export function note(
  ledger: RequestLedger,
  wantsReply: boolean,
): { readonly ledger: RequestLedger; readonly requestId: number } {
  const requestId = ledger.nextRequestId
  const owed: readonly Owed[] = wantsReply
    ? [...ledger.owed, { requestId, answer: 'undecided' }]
    : ledger.owed
  return { ledger: { ...ledger, nextRequestId: requestId + 1, owed }, requestId }
}

/** Notes a decision. Returns the answers that may leave now, in the order of the requests. */
export function answer(
  ledger: RequestLedger,
  requestId: number,
  isSuccess: boolean,
): { readonly ledger: RequestLedger; readonly answers: readonly boolean[] } {
  const decided = ledger.owed.map((owed): Owed => {
    if (owed.requestId !== requestId || owed.answer !== 'undecided') return owed
    return { requestId, answer: isSuccess ? 'success' : 'failure' }
  })
  const firstUndecided = decided.findIndex((owed) => owed.answer === 'undecided')
  const leaving = firstUndecided === -1 ? decided.length : firstUndecided
  return {
    ledger: { ...ledger, owed: decided.slice(leaving) },
    answers: decided.slice(0, leaving).map((owed) => owed.answer === 'success'),
  }
}

/** Answers everything still undecided with failure: for a channel about to close. */
export function refuseAll(ledger: RequestLedger): {
  readonly ledger: RequestLedger
  readonly answers: readonly boolean[]
} {
  return {
    ledger: { ...ledger, owed: [] },
    answers: ledger.owed.map((owed) => owed.answer === 'success'),
  }
}
