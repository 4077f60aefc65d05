// Starting a command in a sandbox, or in one that already runs.

package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Streams are the command's. A TTY, when given, is all three and its controlling terminal.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	TTY      *os.File
}

// Process is a started command; it dies with this process.
type Process struct {
	cmd       *exec.Cmd
	isolation Isolation
	spec      Spec
}

// Start runs the command. An error means that it never began.
func Start(isolation Isolation, spec Spec, s Streams) (*Process, error) {
	if len(spec.Args) == 0 {
		return nil, errors.New("no command: there are no images here whose entrypoint could be run")
	}
	switch isolation {
	case Isolated:
		return startIsolated(spec, s)
	case Unisolated:
		return startPlain(spec, s)
	}
	return nil, errors.New("root without CAP_SYS_ADMIN can't make namespaces, and nothing is run without them")
}

// startIsolated starts this program again in new namespaces; there, Init builds the root and becomes the command.
func startIsolated(spec Spec, s Streams) (*Process, error) {
	message, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	specRead, specWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	failRead, failWrite, err := os.Pipe()
	if err != nil {
		specRead.Close()
		specWrite.Close()
		return nil, err
	}
	cmd := &exec.Cmd{Path: "/proc/self/exe", Args: []string{initName}, Env: []string{}, ExtraFiles: []*os.File{specRead, failWrite}}
	err = start(cmd, s, namespaces)
	specRead.Close()
	failWrite.Close()
	defer failRead.Close()
	defer specWrite.Close()
	if err != nil {
		return nil, err
	}
	p := &Process{cmd, Isolated, spec}
	if spec.Prepare != nil {
		if err := spec.Prepare(p); err != nil {
			p.Signal(syscall.SIGKILL)
			_ = cmd.Wait()
			return nil, err
		}
	}
	_, _ = specWrite.Write(message) // a child that can't read it says so, or is dead
	specWrite.Close()
	if failure, _ := io.ReadAll(failRead); len(failure) > 0 { // it is closed when the command begins
		_ = cmd.Wait()
		return nil, errors.New(string(failure))
	}
	return p, nil
}

// drain is how long output is awaited that a process left behind still holds open.
const drain = 10 * time.Second

// start connects the streams and starts the command as a session that dies with this process.
func start(cmd *exec.Cmd, s Streams, cloneflags uintptr) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL, Cloneflags: cloneflags}
	cmd.WaitDelay = drain
	if s.TTY != nil {
		cmd.Stdin, cmd.Stdout, cmd.Stderr = s.TTY, s.TTY, s.TTY
		cmd.SysProcAttr.Setctty = true
		return cmd.Start()
	}
	cmd.Stdout, cmd.Stderr = s.Out, s.Err
	if s.In == nil {
		return cmd.Start()
	}
	in, err := cmd.StdinPipe() // not Stdin: Wait would wait for a client that keeps its end open
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(in, s.In)
		_ = in.Close()
	}()
	return nil
}

// Exec runs another command in the surroundings of a running one.
func (p *Process) Exec(args []string, s Streams) (*Process, error) {
	if p.isolation == Unisolated {
		spec := p.spec
		spec.Args = args
		return startPlain(spec, s)
	}
	// nsenter and setpriv are util-linux's. Without the latter a set-uid program would be root in a namespace.
	enter := []string{"--no-new-privs", "nsenter", "--target", strconv.Itoa(p.cmd.Process.Pid), "--mount", "--net", "--pid", "--ipc", "--uts",
		"--root", "--setuid", strconv.Itoa(Nobody), "--setgid", strconv.Itoa(Nobody), "--wdns=" + p.spec.Dir, "--"}
	cmd := exec.Command("setpriv", append(enter, args...)...)
	cmd.Env = p.spec.Env
	if err := start(cmd, s, 0); err != nil {
		return nil, err
	}
	return &Process{cmd, p.isolation, p.spec}, nil
}

// Wait answers the exit code; 128 and the signal's number for a killed command, as a shell has it.
func (p *Process) Wait() (int, error) {
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		return -1, err
	}
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return p.cmd.ProcessState.ExitCode(), nil
}

// Signal goes to the command and everything in its process group.
func (p *Process) Signal(s syscall.Signal) { _ = syscall.Kill(-p.cmd.Process.Pid, s) }

// Pid is the command's process id on this machine.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

func variable(env []string, name string) string {
	for _, e := range env {
		if value, ok := strings.CutPrefix(e, name+"="); ok {
			return value
		}
	}
	return ""
}

func failed(what string, err error) error { return fmt.Errorf("%s: %w", what, err) }
