// The apiserver's lives: SIGUSR1 ends one and begins the next, on the same port and over the same etcd.

package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// serveAPI runs one apiserver after the other until ctx ends. It says RESTARTED when the next one answers.
func (c *cluster) serveAPI(ctx context.Context, live func(context.Context) error) error {
	restart := make(chan os.Signal, 1)
	signal.Notify(restart, syscall.SIGUSR1)
	defer signal.Stop(restart)
	for {
		again, err := untilRestart(ctx, restart, live)
		if err != nil || !again {
			return err
		}
		go c.sayRestarted(ctx)
	}
}

// untilRestart is one life. It is over when nothing of it runs any more: the next one needs its port.
func untilRestart(ctx context.Context, restart <-chan os.Signal, live func(context.Context) error) (again bool, err error) {
	life, end := context.WithCancel(ctx)
	defer end()
	over := make(chan error, 1)
	go func() { over <- live(life) }()
	select {
	case err := <-over:
		return false, err
	case <-restart:
		end()
		return true, <-over
	}
}

func (c *cluster) sayRestarted(ctx context.Context) {
	if err := c.waitFor(ctx, "readyz", c.readyz); err != nil {
		c.failed <- err
		return
	}
	fmt.Println("RESTARTED")
}
