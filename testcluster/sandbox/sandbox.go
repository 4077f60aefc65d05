// Package sandbox runs commands as an unprivileged user, with a root, a network and a process table of their own.
// This file: what is asked for, and how far this machine lets it be granted.
package sandbox

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// Isolation is how far a command is kept apart from the machine.
type Isolation string

const (
	// Isolated commands run as nobody in namespaces of their own: mounts, network (loopback only), processes, IPC, host name.
	Isolated Isolation = "isolated"
	// Unisolated commands are plain children of the current user, who is not root.
	Unisolated Isolation = "unisolated"
	// Refused: root without the right to make namespaces (a plain container). Nothing is run.
	Refused Isolation = "refused"
)

// Nobody is the user and group an isolated command runs as.
const Nobody = 65534

// Spec is a command and its surroundings.
type Spec struct {
	Args     []string
	Env      []string
	Dir      string // working directory inside the root; made if missing
	Hostname string
	Scratch  string // an empty directory on the host, for the root to be built in
	Mounts   []Mount

	// Prepare is called when the namespaces exist and the command does not, yet.
	Prepare func(*Process) error `json:"-"`
}

// Mount makes Source, on the host, appear as Target in the command's root.
type Mount struct {
	Source, Target string
	ReadOnly       bool
}

const namespaces = unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWPID | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS

// Detect finds out by trying.
func Detect() Isolation {
	if os.Geteuid() != 0 {
		return Unisolated
	}
	probe := exec.Command("/bin/true")
	probe.SysProcAttr = &syscall.SysProcAttr{Cloneflags: namespaces}
	if probe.Run() != nil {
		return Refused
	}
	return Isolated
}
