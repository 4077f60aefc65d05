// Sandboxes with real processes; most need root.

package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestMain(m *testing.M) {
	InitIfAsked()
	os.Exit(m.Run())
}

// isolated fails where namespaces can't be made: what was not run was not tested.
func isolated(t *testing.T) {
	t.Helper()
	if Detect() != Isolated {
		t.Fatal("needs root and CAP_SYS_ADMIN, to make namespaces")
	}
}

func shell(t *testing.T, script string, mounts ...Mount) Spec {
	t.Helper()
	return Spec{Args: []string{"sh", "-c", script}, Env: []string{"PATH=/usr/bin:/bin:/usr/sbin:/sbin", "A=b"}, Dir: "/tmp", Hostname: "box", Scratch: t.TempDir(), Mounts: mounts}
}

func run(t *testing.T, isolation Isolation, spec Spec, in io.Reader) (string, int) {
	t.Helper()
	var out bytes.Buffer
	p, err := Start(isolation, spec, Streams{In: in, Out: &out, Err: &out})
	if err != nil {
		t.Fatal(err)
	}
	code, err := p.Wait()
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), code
}

func TestACommandIsNobodyInARootOfItsOwn(t *testing.T) {
	isolated(t)
	out, code := run(t, Isolated, shell(t, "id -u; id -G; hostname; pwd; ls /tmp /dev/shm; echo $$ $A; touch /etc/sandbox-was-here; exit 7"), nil)
	want := "65534\n65534\nbox\n/tmp\n/dev/shm:\n\n/tmp:\n1 b\ntouch: cannot touch '/etc/sandbox-was-here': Permission denied\n"
	if code != 7 || out != want {
		t.Errorf("%d, %q\nnot %q", code, out, want)
	}
}

func TestACommandReachesOnlyItsOwnLoopback(t *testing.T) {
	isolated(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	script := fmt.Sprintf("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '; bash -c 'echo > /dev/tcp/127.0.0.1/%d' 2>&1 | grep -o 'Connection refused'", port)
	if out, _ := run(t, Isolated, shell(t, script), nil); !strings.HasPrefix(out, "lo\n") || !strings.Contains(out, "refused") || strings.Contains(out, "eth") {
		t.Errorf("%q", out)
	}
}

func TestMountsAppearWhereverTheyAreWanted(t *testing.T) {
	isolated(t)
	source := t.TempDir()
	if err := os.WriteFile(filepath.Join(source, "f"), []byte("inside"), 0o644); err != nil {
		t.Fatal(err)
	}
	_ = os.Chmod(source, 0o755)
	// /var/run is a link to /run on most machines: followed on the machine, the target would be made there.
	for _, target := range []string{"/etc/never/seen", "/a/b/c", "/var/run/sandbox-test"} {
		out, code := run(t, Isolated, shell(t, "cat "+target+"/f", Mount{Source: source, Target: target}), nil)
		if code != 0 || out != "inside" {
			t.Errorf("%s: %d %q", target, code, out)
		}
		if _, err := os.Stat(target); !os.IsNotExist(err) {
			t.Errorf("%s was made on the machine", target)
		}
	}
}

func TestAReadOnlyMountCanNotBeWritten(t *testing.T) {
	isolated(t)
	source := t.TempDir()
	_ = os.Chmod(source, 0o777)
	if out, _ := run(t, Isolated, shell(t, "touch /m/f", Mount{Source: source, Target: "/m", ReadOnly: true}), nil); !strings.Contains(out, "Read-only file system") {
		t.Errorf("%q", out)
	}
	if _, code := run(t, Isolated, shell(t, "touch /m/f", Mount{Source: source, Target: "/m"}), nil); code != 0 {
		t.Error("the same mount, writable, can't be written either")
	}
}

func TestACommandThatCanNotBeginIsAnError(t *testing.T) {
	isolated(t)
	for words, args := range map[string][]string{
		"executable file not found in $PATH": {"no-such-command"},
		"exec: /etc/passwd":                  {"/etc/passwd"},
		"no command":                         nil,
	} {
		spec := shell(t, "")
		spec.Args = args
		if _, err := Start(Isolated, spec, Streams{}); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func TestExecJoinsTheRunningCommand(t *testing.T) {
	isolated(t)
	p, err := Start(Isolated, shell(t, "echo shared > /tmp/f; read wait"), Streams{In: neverEnding(t)})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	e, err := p.Exec([]string{"sh", "-c", "until grep shared f; do :; done 2>/dev/null; id -u; hostname; echo $A; cat; grep NoNewPrivs /proc/self/status; exit 9"}, Streams{In: strings.NewReader("typed\n"), Out: &out, Err: &out})
	if err != nil {
		t.Fatal(err)
	}
	code, _ := e.Wait()
	if want := "shared\n65534\nbox\nb\ntyped\nNoNewPrivs:\t1\n"; code != 9 || out.String() != want {
		t.Errorf("%d %q, not %q", code, out.String(), want)
	}
	p.Signal(syscall.SIGKILL)
	if code, _ := p.Wait(); code != 137 {
		t.Errorf("killed: %d", code)
	}
}

func TestDialReachesTheCommandsLoopback(t *testing.T) {
	isolated(t)
	var l net.Listener
	spec := shell(t, "exec 3<>/dev/tcp/127.0.0.1/7777; read line <&3; echo got $line")
	spec.Args[0] = "bash"
	spec.Prepare = func(p *Process) (err error) { l, err = p.Listen(7777); return err }
	var out bytes.Buffer
	p, err := Start(Isolated, spec, Streams{Out: &out, Err: &out})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Dial(t.Context(), 7777) // before the command ends, and its network with it
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	fmt.Fprintln(c, "hello")
	if _, err := p.Wait(); err != nil || out.String() != "got hello\n" {
		t.Errorf("%v %q", err, out.String())
	}
}

func TestAnUnisolatedCommandFindsItsMountsBelowARootItIsTold(t *testing.T) {
	source := t.TempDir()
	if err := os.WriteFile(filepath.Join(source, "f"), []byte("inside"), 0o644); err != nil {
		t.Fatal(err)
	}
	spec := shell(t, "cat f $TESTCLUSTER_ROOT/etc/x/f; cat; exit 4", Mount{Source: source, Target: "/etc/x"})
	spec.Dir = "/etc/x"
	out, code := run(t, Unisolated, spec, strings.NewReader(" typed"))
	if code != 4 || out != "insideinside typed" {
		t.Errorf("%d %q", code, out)
	}
}

func TestNothingIsRunWithoutNamespacesAsRoot(t *testing.T) {
	if _, err := Start(Refused, shell(t, "true"), Streams{}); err == nil {
		t.Error("it was")
	}
}

// neverEnding is input that stays open for the test's time.
func neverEnding(t *testing.T) io.Reader {
	r, w := io.Pipe()
	t.Cleanup(func() { w.Close() })
	return r
}
