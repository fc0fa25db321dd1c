"""An SSH server on AsyncSSH that runs commands: HOST_KEY AUTHORIZED_KEYS USER SHELL."""

import asyncio
import os
import sys

import asyncssh

HOST_KEY, AUTHORIZED_KEYS, USER, SHELL = sys.argv[1:5]
CHUNK = 65536


class Server(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True


async def pump_output(reader, writer):
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()


async def pump_input(reader, writer):
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    except (BrokenPipeError, ConnectionResetError, asyncssh.Error):
        pass
    writer.close()


async def handle(session):
    program = await asyncio.create_subprocess_exec(
        SHELL, "-c", session.command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=os.path.expanduser("~"),
    )
    typing = asyncio.ensure_future(pump_input(session.stdin, program.stdin))
    try:
        await asyncio.gather(
            pump_output(program.stdout, session.stdout),
            pump_output(program.stderr, session.stderr),
        )
        session.exit(await program.wait())
    except (BrokenPipeError, ConnectionResetError, asyncssh.Error):
        session.close()
    finally:
        typing.cancel()


async def main():
    listener = await asyncssh.listen(
        "127.0.0.1", 0,
        server_factory=Server,
        server_host_keys=[HOST_KEY],
        authorized_client_keys=AUTHORIZED_KEYS,
        process_factory=handle,
        encoding=None,
        login_timeout=120,
    )
    port = listener.sockets[0].getsockname()[1]
    print(f"listening on 127.0.0.1:{port}", flush=True)
    await listener.wait_closed()


asyncio.run(main())
