"""An SSH server on Twisted Conch that runs commands: HOST_KEY AUTHORIZED_KEYS USER SHELL."""

import os
import sys

from twisted.conch.avatar import ConchUser
from twisted.conch.checkers import InMemorySSHKeyDB, SSHPublicKeyChecker
from twisted.conch.interfaces import IConchUser, ISession
from twisted.conch.ssh.factory import SSHFactory
from twisted.conch.ssh.keys import Key
from twisted.conch.ssh.session import SSHSession
from twisted.cred.portal import IRealm, Portal
from twisted.internet import reactor
from twisted.python.components import registerAdapter
from zope.interface import implementer

HOST_KEY, AUTHORIZED_KEYS, USER, SHELL = sys.argv[1:5]


class User(ConchUser):
    def __init__(self):
        super().__init__()
        self.channelLookup[b"session"] = SSHSession


@implementer(ISession)
class Session:
    program = None

    def __init__(self, user):
        pass

    def execCommand(self, protocol, command):
        arguments = [os.path.basename(SHELL), "-c", command]
        self.program = reactor.spawnProcess(
            protocol, SHELL, arguments, dict(os.environ), os.path.expanduser("~")
        )

    def eofReceived(self):
        if self.program is not None:
            self.program.closeStdin()

    def closed(self):
        if self.program is not None:
            self.program.loseConnection()


@implementer(IRealm)
class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        return IConchUser, User(), lambda: None


registerAdapter(Session, User, ISession)

host_key = Key.fromFile(HOST_KEY)
with open(AUTHORIZED_KEYS, "rb") as lines:
    authorized = [Key.fromString(line) for line in lines]
factory = SSHFactory()
factory.publicKeys = {host_key.sshType(): host_key.public()}
factory.privateKeys = {host_key.sshType(): host_key}
factory.portal = Portal(
    Realm(), [SSHPublicKeyChecker(InMemorySSHKeyDB({USER.encode(): authorized}))]
)
port = reactor.listenTCP(0, factory, interface="127.0.0.1", backlog=1000)
print(f"listening on 127.0.0.1:{port.getHost().port}", flush=True)
reactor.run()
