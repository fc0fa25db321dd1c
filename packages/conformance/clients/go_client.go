// An ssh-like command on golang.org/x/crypto/ssh: HOST PORT USER KEY KNOWN_HOSTS SIZE [COMMAND], where SIZE is none
// or 80x24.
package main

import (
	"errors"
	"fmt"
	"net"
	"os"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

func main() {
	client, err := connect(os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5])
	if err == nil {
		err = run(client, os.Args[6], os.Args[7:])
		client.Close()
	}
	os.Exit(exitCode(err))
}

func connect(host, port, user, keyFile, knownHostsFile string) (*ssh.Client, error) {
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, err
	}
	signer, err := ssh.ParsePrivateKey(key)
	if err != nil {
		return nil, err
	}
	isKnown, err := knownhosts.New(knownHostsFile)
	if err != nil {
		return nil, err
	}
	return ssh.Dial("tcp", net.JoinHostPort(host, port), &ssh.ClientConfig{
		User:            user,
		Auth:            []ssh.AuthMethod{ssh.PublicKeys(signer)},
		HostKeyCallback: isKnown,
	})
}

func run(client *ssh.Client, size string, command []string) error {
	session, err := client.NewSession()
	if err != nil {
		return err
	}
	defer session.Close()
	session.Stdin, session.Stdout, session.Stderr = os.Stdin, os.Stdout, os.Stderr
	if size != "none" {
		var columns, rows int
		if _, err := fmt.Sscanf(size, "%dx%d", &columns, &rows); err != nil {
			return err
		}
		if err := session.RequestPty(os.Getenv("TERM"), rows, columns, ssh.TerminalModes{}); err != nil {
			return err
		}
	}
	if len(command) > 0 {
		return session.Run(command[0])
	}
	if err := session.Shell(); err != nil {
		return err
	}
	return session.Wait()
}

func exitCode(err error) int {
	var exit *ssh.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit) && exit.Signal() == "":
		return exit.ExitStatus()
	case errors.As(err, &exit):
		fmt.Fprintln(os.Stderr, "died of", exit.Signal())
		return 255
	default:
		fmt.Fprintln(os.Stderr, err)
		return 255
	}
}
