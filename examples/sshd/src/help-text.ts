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
  --client-alive SECONDS    ask a silent client this often whether it lives; one
                            that is gone is noticed after four times that; 0: never (15)
  --idle-limit SECONDS      end a session in which no byte passed so long; 0: none (0)
  --session-limit SECONDS   end a session this long after it was opened, and warn
                            its user a minute before; 0: none (0)
  --grace SECONDS           on SIGTERM, warn users and let sessions go on so long (0)
  --log-format FORMAT       text or json (text)
  --max-sessions NUMBER     sessions open at once on one connection (10)
  --max-auth-tries NUMBER   failed attempts to log in on one connection (6)
  --max-connections NUMBER  connections in all (1000)
  --max-unauthenticated NUMBER
                            connections that have not logged in (100)
  --login-grace SECONDS     how long a client may take to log in (120)
  --max-command-bytes NUMBER
                            longest command (what ssh2 carries, about 34 KB)
  --workers NUMBER          processes that serve; limits hold over all together (1)
  --help                    print this
`
