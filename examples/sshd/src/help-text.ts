/** What `--help` prints. */
export const helpText = `Usage: node examples/sshd/dist/main.js [options]

A small OpenSSH-like server: shell, exec, subsystems, terminals.
It lets in the account that runs it, by public key only.

  --listen HOST:PORT        where to listen; port 0 takes any free one,
                            an IPv6 address goes in brackets (127.0.0.1:2222)
  --host-key FILE           private host key; repeatable (generated once and kept)
  --authorized-keys FILE    public keys that are let in; repeatable
                            (only the client key generated with the host key)
  --subsystem NAME=COMMAND  serve a subsystem; repeatable (sftp, where installed)
  --accept-env PATTERN      variables taken from the client; repeatable (LANG LC_*)
  --shell FILE              shell to run (the account's)
  --force-command COMMAND   run this whatever the client asks for;
                            SSH_ORIGINAL_COMMAND says what that was
  --on-disconnect POLICY    what a lost client means for its program: sshd (pipes
                            close, a terminal hangs up), hangUp (SIGHUP as well),
                            terminate (then SIGTERM, then SIGKILL) (sshd)
  --help                    print this
`
