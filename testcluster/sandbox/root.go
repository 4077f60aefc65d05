// A sandbox's root: the machine's files, read through an overlay whose writes stay in memory, with the mounts on top.

package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	securejoin "github.com/cyphar/filepath-securejoin"
	"golang.org/x/sys/unix"
)

// buildRoot must run in a mount namespace of its own; nothing it mounts is seen outside of it, or outlives it.
func buildRoot(spec Spec) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return failed("private mounts", err)
	}
	root, err := overlay(spec.Scratch)
	if err != nil {
		return err
	}
	if err := mountSystem(root); err != nil {
		return err
	}
	for _, m := range spec.Mounts {
		if err := bind(root, m); err != nil {
			return failed(m.Target, err)
		}
	}
	return enter(root, spec.Dir)
}

// overlay needs its upper directory outside of the lower one, which is everything: hence the tmpfs.
func overlay(scratch string) (root string, err error) {
	if err := unix.Mount("tmpfs", scratch, "tmpfs", 0, "mode=0755"); err != nil {
		return "", failed("tmpfs", err)
	}
	upper, work, root := filepath.Join(scratch, "upper"), filepath.Join(scratch, "work"), filepath.Join(scratch, "root")
	for _, dir := range []string{upper, work, root} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return "", err
		}
	}
	options := fmt.Sprintf("lowerdir=/,upperdir=%s,workdir=%s", upper, work)
	return root, failedIf("overlay", unix.Mount("overlay", root, "overlay", 0, options))
}

// mountSystem mounts what a command expects, with an empty /tmp and /dev/shm: these must not be the machine's own.
func mountSystem(root string) error {
	if err := unix.Mount("/dev", filepath.Join(root, "dev"), "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return failed("/dev", err)
	}
	if err := unix.Mount("proc", filepath.Join(root, "proc"), "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return failed("/proc", err)
	}
	for _, dir := range []string{"dev/shm", "tmp"} {
		err := unix.Mount("tmpfs", filepath.Join(root, dir), "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=1777")
		if err != nil && !errors.Is(err, unix.ENOENT) { // a machine without it has nothing to hide
			return failed(dir, err)
		}
	}
	return nil
}

// bind makes the mount's target, whatever is missing of it, and mounts the source there. Links on the way, such as
// /var/run, are followed inside the root: followed outside, they would lead to the machine's own directories.
func bind(root string, m Mount) error {
	target, err := securejoin.SecureJoin(root, m.Target)
	if err != nil {
		return err
	}
	info, err := os.Stat(m.Source)
	if err != nil {
		return err
	}
	if err := makeTarget(target, info.IsDir()); err != nil {
		return err
	}
	if err := unix.Mount(m.Source, target, "", unix.MS_BIND|unix.MS_REC, ""); err != nil || !m.ReadOnly {
		return err
	}
	return unix.Mount("", target, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, "")
}

func makeTarget(path string, dir bool) error {
	if dir {
		return os.MkdirAll(path, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	return f.Close()
}

// enter makes root the root, forgets the old one, and sees to it that the working directory exists.
func enter(root, dir string) error {
	if err := unix.Chdir(root); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil { // pivot_root(2): the old root is then mounted over the new one
		return failed("pivot_root", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return failed("old root", err)
	}
	if err := unix.Chdir("/"); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o755)
}

func failedIf(what string, err error) error {
	if err == nil {
		return nil
	}
	return failed(what, err)
}
