// The apiserver's port, which is the cluster's from before the first life of the apiserver to the end.

package main

import "syscall"

// holdPort binds a loopback port, any free one for 0, and never listens there: the kernel gives it to nobody else before the apiserver
// listens or between two of its lives, and the apiserver may have it, because both set SO_REUSEADDR (socket(7)).
func holdPort(want int) (port int, release func(), err error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, nil, err
	}
	release = func() { _ = syscall.Close(fd) }
	if port, err = bindLoopback(fd, want); err != nil {
		release()
		return 0, nil, err
	}
	return port, release, nil
}

func bindLoopback(fd, want int) (int, error) {
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return 0, err
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Port: want, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return 0, err
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		return 0, err
	}
	return name.(*syscall.SockaddrInet4).Port, nil
}
