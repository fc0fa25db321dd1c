"""An ssh-like command on AsyncSSH: HOST PORT USER KEY KNOWN_HOSTS SIZE [COMMAND], where SIZE is none or 80x24."""

import asyncio
import os
import sys

import asyncssh


async def main():
    if sys.argv[1] == "--version":
        print(asyncssh.__version__)
        return 0
    host, port, user, key_file, known_hosts, size, *command = sys.argv[1:]
    terminal = {}
    if size != "none":
        columns, rows = size.split("x")
        terminal["term_type"] = os.environ.get("TERM", "vt100")
        terminal["term_size"] = (int(columns), int(rows))
    async with asyncssh.connect(
        host,
        int(port),
        username=user,
        client_keys=[key_file],
        known_hosts=known_hosts,
        agent_path=None,
        config=None,
    ) as connection:
        process = await connection.create_process(
            command[0] if command else None,
            stdin=sys.stdin.buffer,
            encoding=None,
            **terminal,
        )
        await asyncio.gather(
            copy(process.stdout, sys.stdout.buffer),
            copy(process.stderr, sys.stderr.buffer),
        )
        await process.wait_closed()
    if process.exit_signal is not None:
        print(f"died of {process.exit_signal[0]}", file=sys.stderr)
    return 255 if process.exit_status is None else process.exit_status


async def copy(reader, output):
    while data := await reader.read(65536):
        output.write(data)
        output.flush()


sys.exit(asyncio.run(main()))
