"""An ssh-like command on paramiko: HOST PORT USER KEY KNOWN_HOSTS SIZE [COMMAND], where SIZE is none or 80x24."""

import os
import sys
import threading

import paramiko


def main():
    if sys.argv[1] == "--version":
        print(paramiko.__version__)
        return 0
    host, port, user, key_file, known_hosts, size, *command = sys.argv[1:]
    client = paramiko.SSHClient()
    client.load_host_keys(known_hosts)
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    client.connect(
        host,
        int(port),
        user,
        key_filename=key_file,
        allow_agent=False,
        look_for_keys=False,
    )
    channel = client.get_transport().open_session()
    if size != "none":
        columns, rows = size.split("x")
        channel.get_pty(os.environ.get("TERM", "vt100"), int(columns), int(rows))
    if command:
        channel.exec_command(command[0])
    else:
        channel.invoke_shell()
    code = forward(channel)
    client.close()
    return code


def forward(channel):
    """Joins the channel to this program's own streams until it ends, and gives the exit status."""
    threading.Thread(target=send_input, args=(channel,), daemon=True).start()
    outputs = [
        threading.Thread(target=copy, args=(channel.recv, sys.stdout.buffer)),
        threading.Thread(target=copy, args=(channel.recv_stderr, sys.stderr.buffer)),
    ]
    for output in outputs:
        output.start()
    for output in outputs:
        output.join()
    return channel.recv_exit_status()


def send_input(channel):
    try:
        while data := os.read(0, 65536):
            channel.sendall(data)
        channel.shutdown_write()
    except OSError:
        pass  # The program has ended and wants no more.


def copy(receive, output):
    while data := receive(65536):
        output.write(data)
        output.flush()


sys.exit(main())
