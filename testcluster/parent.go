// Dying with the parent, so that a killed test run leaves no cluster behind.

package main

import (
	"context"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// untilParentEnds ends when standard input closes or the parent process does.
//
// The parent is watched through a pidfd: PR_SET_PDEATHSIG fires when the parent's *thread* ends (prctl(2)), and a
// cluster started from a short-lived Ruby thread would die with that thread.
func untilParentEnds(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	go func() {
		waitForExit(os.Getppid())
		cancel()
	}()
	return ctx
}

func waitForExit(pid int) {
	fd, err := unix.PidfdOpen(pid, 0)
	if err == nil {
		defer unix.Close(fd)
		for {
			n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
			if n > 0 || (err != nil && err != unix.EINTR) {
				return
			}
		}
	}
	for os.Getppid() == pid { // no pidfd (Linux before 5.3): ask
		time.Sleep(200 * time.Millisecond)
	}
}
