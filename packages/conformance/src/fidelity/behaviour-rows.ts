/** One row of what a session does, by the number that scenarios and tests name. */
export interface BehaviourRow {
  readonly number: number
  readonly statement: string
}

/** What a session does from its opening to its end. */
export const behaviourRows: readonly BehaviourRow[] = [
  row(
    1,
    'No input reaches a program before it runs; what comes early is held, bounded and in order.',
  ),
  row(
    2,
    'Terminal, environment and forwarding requests are taken before the start, refused after it.',
  ),
  row(
    3,
    'Exactly one of shell, exec and subsystem starts; a second is refused and disturbs nothing.',
  ),
  row(4, 'Each request that wants a reply gets exactly one, in the order of the requests.'),
  row(5, 'A decision may come late; what arrives meanwhile is applied after it, in order.'),
  row(
    6,
    'What cannot start ends with a reason on stderr and a status as of a shell, never a hang.',
  ),
  row(7, 'The environment: what the client may set, what the server sets, nothing else.'),
  row(8, 'Login shell, home folder, and commands by way of the shell.'),
  row(9, 'Both outputs arrive apart, exact and in order.'),
  row(10, "Input arrives exact and in order; its end closes the program's stdin and nothing else."),
  row(11, 'A program that closes its input early is no error; the client is told.'),
  row(12, 'A client that reads no more closes the output of the program.'),
  row(13, 'Window sizes apply at any time; the last one wins, odd ones do no harm.'),
  row(14, 'Signals reach the process group, or the foreground of the terminal.'),
  row(15, "The program starts with the terminal modes of the client's terminal."),
  row(
    16,
    'Whoever is slow slows the other end down; nothing is lost, nothing grows without bound.',
  ),
  row(17, 'Extended data of an unknown kind is dropped and its window given back.'),
  row(18, 'Data past the window ends the connection; data after the end of input is dropped.'),
  row(19, 'The end of output is said once, after both outputs and all of their bytes.'),
  row(20, 'The exit is reported once, before CLOSE; nothing follows CLOSE.'),
  row(21, 'Exit codes and signals of every kind are reported as what they are.'),
  row(22, 'What a background process still says arrives; a terminal ends with its program.'),
  row(23, 'CLOSE is sent once and answered once, and waits for no unread input.'),
  row(24, 'Losing the connection on purpose comes after all pending writes.'),
  row(25, 'A lost client frees every pipe, hangs up the terminal, and then the policy decides.'),
  row(26, 'The outcome says who ended the session and why, with the bytes of each stream.'),
  row(27, 'Idle time, length of a session and the shutdown of a server have limits that are kept.'),
  row(
    28,
    'No shutdown and no crash of a handler leaves a process behind that the policy does not keep.',
  ),
]

function row(number: number, statement: string): BehaviourRow {
  return { number, statement }
}
