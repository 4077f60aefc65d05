// That the port is the cluster's while nobody listens at it.

package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"testing"
)

func TestAHeldPortRefusesUntilItsOwnerListens(t *testing.T) {
	port, release, err := holdPort(0)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	address := fmt.Sprintf("127.0.0.1:%d", port)
	if _, err := net.Dial("tcp", address); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Fatalf("nobody listens, and it was %v", err)
	}
	for life := range 2 {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatalf("life %d: %v", life, err)
		}
		_ = listener.Close()
	}
}

func TestAPortThatSomebodyListensAtIsNotHeld(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	if _, _, err := holdPort(listener.Addr().(*net.TCPAddr).Port); !errors.Is(err, syscall.EADDRINUSE) {
		t.Fatalf("it was held: %v", err)
	}
}
