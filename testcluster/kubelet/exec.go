// pods/exec and pods/attach.

package kubelet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
	utilexec "k8s.io/utils/exec"

	"gitlab_kube/testcluster/sandbox"
)

// ExecInContainer runs the command in the container's surroundings; a client that leaves kills it.
func (k *Kubelet) ExecInContainer(ctx context.Context, name, _, container string, cmd []string, in io.Reader, out, errOut io.WriteCloser, tty bool, resize <-chan remotecommand.TerminalSize, _ time.Duration) error {
	pod := k.named(name)
	if pod == nil {
		return fmt.Errorf("pod %s is gone", name)
	}
	streams := sandbox.Streams{In: in, Out: writer(out), Err: writer(errOut)}
	done := func() {}
	if tty {
		t, err := openTerminal(in, out, resize)
		if err != nil {
			return err
		}
		streams, done = sandbox.Streams{TTY: t.slave}, t.close
	}
	p, cleanUp, err := k.startExec(pod, container, cmd, streams)
	if err != nil {
		done()
		return err
	}
	defer cleanUp()
	stop := context.AfterFunc(ctx, func() { p.Signal(syscall.SIGKILL) })
	defer stop()
	code, err := p.Wait()
	done()
	if err == nil && code != 0 {
		return utilexec.CodeExitError{Err: fmt.Errorf("command terminated with exit code %d", code), Code: code}
	}
	return err
}

// startExec joins the running container. A pod that isn't run has none: there the command gets a sandbox of its own.
func (k *Kubelet) startExec(pod *corev1.Pod, container string, cmd []string, streams sandbox.Streams) (p *sandbox.Process, cleanUp func(), err error) {
	if really(pod) {
		running := k.process(pod, container)
		if running == nil {
			return nil, nil, fmt.Errorf("container %s isn't running", container)
		}
		p, err = running.Exec(cmd, streams)
		return p, func() {}, err
	}
	if err := os.MkdirAll(filepath.Join(k.Dir, "pods"), 0o700); err != nil {
		return nil, nil, err
	}
	scratch, err := os.MkdirTemp(filepath.Join(k.Dir, "pods"), "exec-")
	if err != nil {
		return nil, nil, err
	}
	env := baseEnvironment(pod)
	env["POD"], env["CONTAINER"] = pod.Namespace+"/"+pod.Name, container
	p, err = sandbox.Start(k.isolation, sandbox.Spec{Args: cmd, Env: words(env), Dir: workingDir, Hostname: hostname(pod), Scratch: scratch}, streams)
	cleanUp = func() { _ = os.RemoveAll(scratch) }
	if err != nil { // as a shell has it: the command wasn't found
		cleanUp()
		err = utilexec.CodeExitError{Err: err, Code: 127}
	}
	return p, cleanUp, err
}

// AttachContainer shows the running container's output as it comes, and gives it input if its spec wants any.
// A pod that isn't run says so and echoes.
func (k *Kubelet) AttachContainer(ctx context.Context, name, _, container string, in io.Reader, out, errOut io.WriteCloser, _ bool, _ <-chan remotecommand.TerminalSize) error {
	pod := k.named(name)
	if pod == nil {
		return fmt.Errorf("pod %s is gone", name)
	}
	if !really(pod) {
		fmt.Fprintf(out, "attached to %s/%s\r\n", name, container)
		if in != nil {
			_, _ = io.Copy(out, in)
		}
		return nil
	}
	run := k.runOf(pod.UID)
	if run == nil || run.container(container) == nil {
		return fmt.Errorf("container %s isn't running", container)
	}
	return run.container(container).attach(ctx, in, out)
}

func (c *containerRun) attach(ctx context.Context, in io.Reader, out io.Writer) error {
	c.mu.Lock()
	process, output, stdin := c.process, c.out, c.stdin
	c.mu.Unlock()
	if process == nil {
		return errors.New("the container isn't running")
	}
	if out != nil {
		defer output.attach(out)()
	}
	if in != nil && stdin != nil {
		go func() {
			_, _ = io.Copy(stdin, in)
			if c.spec.StdinOnce {
				_ = stdin.Close()
			}
		}()
	}
	select {
	case <-output.closed:
	case <-ctx.Done():
	}
	return nil
}

func (k *Kubelet) named(name string) *corev1.Pod {
	namespace, pod, _ := strings.Cut(name, "/")
	return k.pod(namespace, pod)
}

func (k *Kubelet) process(pod *corev1.Pod, container string) *sandbox.Process {
	if run := k.runOf(pod.UID); run != nil {
		if c := run.container(container); c != nil {
			return c.running()
		}
	}
	return nil
}

// writer keeps a nil stream nil: an interface holding a nil one isn't.
func writer(w io.WriteCloser) io.Writer {
	if w == nil {
		return nil
	}
	return w
}
