// An SSH server on gliderlabs/ssh that runs commands: HOST_KEY AUTHORIZED_KEYS USER SHELL.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/exec"

	"github.com/gliderlabs/ssh"
)

func main() {
	hostKey, authorizedKeys, user, shell := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	text, err := os.ReadFile(authorizedKeys)
	if err != nil {
		log.Fatal(err)
	}
	authorized, _, _, _, err := ssh.ParseAuthorizedKey(text)
	if err != nil {
		log.Fatal(err)
	}
	server := &ssh.Server{
		Handler: func(session ssh.Session) { serve(session, shell) },
		PublicKeyHandler: func(context ssh.Context, key ssh.PublicKey) bool {
			return context.User() == user && ssh.KeysEqual(key, authorized)
		},
	}
	if err := server.SetOption(ssh.HostKeyFile(hostKey)); err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on %s\n", listener.Addr())
	log.Fatal(server.Serve(listener))
}

func serve(session ssh.Session, shell string) {
	program := exec.Command(shell, "-c", session.RawCommand())
	program.Dir, _ = os.UserHomeDir()
	program.Stdout = session
	program.Stderr = session.Stderr()
	input, err := program.StdinPipe()
	if err == nil {
		err = program.Start()
	}
	if err != nil {
		fmt.Fprintln(session.Stderr(), err)
		session.Exit(127)
		return
	}
	go func() {
		io.Copy(input, session)
		input.Close()
	}()
	program.Wait()
	session.Exit(program.ProcessState.ExitCode())
}
