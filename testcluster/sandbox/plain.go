// Commands of a user who isn't root: plain children, whose mounts are links below a directory they are told of.

package sandbox

import (
	"os"
	"os/exec"
	"path/filepath"
)

// RootVariable names the directory below which an unisolated command finds its mounts.
const RootVariable = "TESTCLUSTER_ROOT"

func startPlain(spec Spec, s Streams) (*Process, error) {
	for _, m := range spec.Mounts {
		link := filepath.Join(spec.Scratch, m.Target)
		if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
			return nil, err
		}
		if err := os.Symlink(m.Source, link); err != nil && !os.IsExist(err) {
			return nil, err
		}
	}
	dir := filepath.Join(spec.Scratch, spec.Dir)
	if err := os.MkdirAll(dir, 0o755); err != nil { // after the mounts: it may be one of them
		return nil, err
	}
	path, err := lookPath(spec.Args[0], variable(spec.Env, "PATH"))
	if err != nil {
		return nil, err
	}
	cmd := &exec.Cmd{Path: path, Args: spec.Args, Dir: dir, Env: append(spec.Env, RootVariable+"="+spec.Scratch)}
	if err := start(cmd, s, 0); err != nil {
		return nil, err
	}
	return &Process{cmd, Unisolated, spec}, nil
}
