"""An ssh-like command on Twisted Conch: HOST PORT USER KEY KNOWN_HOSTS SIZE [COMMAND], where SIZE is none or 80x24."""

import base64
import os
import struct
import sys
import threading

import twisted
from twisted.conch.ssh import channel, common, connection, keys, session, transport, userauth
from twisted.internet import defer, error, protocol, reactor

SERVER, SIZE, COMMAND = sys.argv[1:6], sys.argv[6:7], sys.argv[7:]
result = {"code": 255}


class Transport(transport.SSHClientTransport):
    def verifyHostKey(self, host_key, fingerprint):
        with open(SERVER[4], encoding="ascii") as known_hosts:
            is_known = base64.b64encode(host_key).decode() in known_hosts.read()
        return defer.succeed(True) if is_known else defer.fail(error.ConnectError("unknown host key"))

    def connectionSecure(self):
        self.requestService(Login(SERVER[2].encode(), Connection()))

    def connectionLost(self, reason):
        super().connectionLost(reason)
        if reactor.running:
            reactor.stop()


class Login(userauth.SSHUserAuthClient):
    key = None

    def getPublicKey(self):
        if self.key is not None:
            return None
        self.key = keys.Key.fromFile(SERVER[3])
        return self.key.public()

    def getPrivateKey(self):
        return defer.succeed(self.key)


class Connection(connection.SSHConnection):
    def serviceStarted(self):
        super().serviceStarted()
        self.openChannel(Program(conn=self))


class Program(channel.SSHChannel):
    name = b"session"
    has_input_ended = False

    def channelOpen(self, data):
        self.may_send = threading.Event()
        self.may_send.set()
        if SIZE != ["none"]:
            columns, rows = map(int, SIZE[0].split("x"))
            term = os.environ.get("TERM", "vt100").encode()
            terminal = session.packRequest_pty_req(term, (rows, columns, 0, 0), b"")
            self.conn.sendRequest(self, b"pty-req", terminal)
        name, fields = (b"exec", common.NS(os.fsencode(COMMAND[0]))) if COMMAND else (b"shell", b"")
        started = self.conn.sendRequest(self, name, fields, wantReply=True)
        started.addCallbacks(self.forward_input, lambda _: self.loseConnection())

    def forward_input(self, _):
        threading.Thread(target=self.read_input, daemon=True).start()

    def read_input(self):
        while data := os.read(0, 65536):
            self.may_send.wait()
            self.may_send.clear()
            reactor.callFromThread(self.send, data)
        reactor.callFromThread(self.end_input)

    def send(self, data):
        self.write(data)
        if not self.buf:
            self.may_send.set()

    def end_input(self):
        self.has_input_ended = True
        # Conch itself would send EOF before what waits for the window.
        if not self.buf and not self.localClosed:
            self.conn.sendEOF(self)

    def addWindowBytes(self, byte_count):
        super().addWindowBytes(byte_count)
        if self.buf:
            return
        self.may_send.set()
        if self.has_input_ended:
            self.end_input()
            self.has_input_ended = False

    def dataReceived(self, data):
        copy(data, sys.stdout.buffer)

    def extReceived(self, data_type, data):
        copy(data, sys.stderr.buffer)

    def request_exit_status(self, data):
        result["code"] = struct.unpack(">L", data)[0]

    def request_exit_signal(self, data):
        print("died of", common.getNS(data)[0].decode(), file=sys.stderr)

    def closed(self):
        self.conn.transport.loseConnection()


def copy(data, output):
    output.write(data)
    output.flush()


def main():
    if sys.argv[1] == "--version":
        print(twisted.__version__)
        return 0
    factory = protocol.ClientFactory()
    factory.protocol = Transport
    factory.clientConnectionFailed = lambda *_: reactor.stop()
    reactor.connectTCP(SERVER[0], int(SERVER[1]), factory)
    reactor.run()
    return result["code"]


sys.exit(main())
