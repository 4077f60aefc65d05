// A terminal between a client and a command.

package kubelet

import (
	"io"
	"os"
	"time"

	"github.com/creack/pty"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"

	"gitlab_kube/testcluster/sandbox"
)

type terminal struct {
	master, slave *os.File
	shown         chan struct{} // closed when all output is
}

func openTerminal(in io.Reader, out io.Writer, resize <-chan remotecommand.TerminalSize) (*terminal, error) {
	master, slave, err := pty.Open()
	if err != nil {
		return nil, err
	}
	t := &terminal{master, slave, make(chan struct{})}
	_ = slave.Chown(sandbox.Nobody, -1) // who may open it by its name; only root can, and only root needs to
	go func() {
		for size := range resize {
			_ = pty.Setsize(master, &pty.Winsize{Cols: size.Width, Rows: size.Height})
		}
	}()
	if in != nil {
		go func() { _, _ = io.Copy(master, in) }()
	}
	go func() {
		defer close(t.shown)
		_, _ = io.Copy(out, master) // ends with EIO when no process has the slave any more
	}()
	return t, nil
}

// close is called when the command has ended.
func (t *terminal) close() {
	_ = t.slave.Close()
	select {
	case <-t.shown:
	case <-time.After(time.Second): // something left behind holds it
	}
	_ = t.master.Close()
}
