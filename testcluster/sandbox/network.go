// Reaching into a sandbox's network from outside.

package sandbox

import (
	"context"
	"fmt"
	"net"
	"runtime"

	"golang.org/x/sys/unix"
)

// Dial connects to a port of the command's own loopback.
func (p *Process) Dial(ctx context.Context, port int) (c net.Conn, err error) {
	err = p.inNetwork(func() error {
		c, err = new(net.Dialer).DialContext(ctx, "tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		return err
	})
	return c, err
}

// Listen listens on a port that only the command can reach. (On every address: loopback has none before it is up.)
func (p *Process) Listen(port int) (l net.Listener, err error) {
	err = p.inNetwork(func() error {
		l, err = net.Listen("tcp4", fmt.Sprintf("0.0.0.0:%d", port))
		return err
	})
	return l, err
}

// inNetwork runs f in the command's network namespace. A socket belongs for good to the namespace it was made in,
// and the thread that makes it is this one; it goes back before it does anything else.
func (p *Process) inNetwork(f func() error) error {
	if p.isolation != Isolated {
		return f()
	}
	runtime.LockOSThread()
	home, err := unix.Open("/proc/thread-self/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		runtime.UnlockOSThread()
		return err
	}
	defer unix.Close(home)
	there, err := unix.Open(fmt.Sprintf("/proc/%d/ns/net", p.Pid()), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		runtime.UnlockOSThread()
		return err
	}
	defer unix.Close(there)
	if err := unix.Setns(there, unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return err
	}
	result := f()
	if err := unix.Setns(home, unix.CLONE_NEWNET); err != nil {
		return err // still locked: the thread ends with this goroutine, and nothing else ever runs in the wrong namespace
	}
	runtime.UnlockOSThread()
	return result
}
