// The first process of a sandbox: it builds the root, gives up its rights and becomes the command.

package sandbox

import (
	"encoding/json"
	"errors"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	initName = "testcluster-container"
	specFD   = 3
	failFD   = 4
)

// InitIfAsked must be called first in main: started as a sandbox's first process, this program is nothing else.
func InitIfAsked() {
	if os.Args[0] != initName {
		return
	}
	runtime.LockOSThread() // what prctl sets is a thread's
	err := begin()
	_, _ = unix.Write(failFD, []byte(err.Error()))
	os.Exit(1)
}

// begin only returns when the command can't be.
func begin() error {
	unix.CloseOnExec(failFD)
	var spec Spec
	if err := json.NewDecoder(os.NewFile(specFD, "spec")).Decode(&spec); err != nil {
		return failed("spec", err)
	}
	unix.CloseOnExec(specFD)
	if err := buildRoot(spec); err != nil {
		return err
	}
	if err := raiseLoopback(); err != nil {
		return failed("loopback", err)
	}
	if err := unix.Sethostname([]byte(spec.Hostname)); err != nil {
		return failed("host name", err)
	}
	if err := dropRights(); err != nil {
		return failed("becoming nobody", err)
	}
	if err := unix.Chdir(spec.Dir); err != nil {
		return failed(spec.Dir, err)
	}
	path, err := lookPath(spec.Args[0], variable(spec.Env, "PATH"))
	if err != nil {
		return err
	}
	return failed("exec: "+spec.Args[0], syscall.Exec(path, spec.Args, spec.Env))
}

// raiseLoopback brings up the one interface of a new network namespace.
func raiseLoopback() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	if err := unix.IoctlIfreq(s, unix.SIOCGIFFLAGS, lo); err != nil {
		return err
	}
	lo.SetUint16(lo.Uint16() | unix.IFF_UP)
	return unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, lo)
}

// dropRights becomes nobody for good: no set-uid program gives anything back. Changing the user clears the
// parent-death signal (prctl(2)), so it is set again.
func dropRights() error {
	return errors.Join(
		syscall.Setgroups(nil), syscall.Setgid(Nobody), syscall.Setuid(Nobody),
		unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
		unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0),
	)
}
