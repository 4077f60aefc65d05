// The cluster end to end, by Kubernetes' own client: streams, watches, tokens.

package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/tools/remotecommand"
	utilexec "k8s.io/client-go/util/exec"

	"gitlab_kube/testcluster/sandbox"
)

// One cluster, in this process, for all of these tests.
var (
	config *rest.Config
	client kubernetes.Interface
)

func TestMain(m *testing.M) {
	sandbox.InitIfAsked()
	os.Exit(withCluster(m.Run))
}

func withCluster(tests func() int) int {
	dir, err := os.MkdirTemp("", "testcluster-test-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, options{dir: dir, nodes: 2, controllers: defaultControllers, compaction: time.Minute, startRevision: 1000})
	}()
	defer func() { cancel(); <-ended }()
	for config == nil {
		select {
		case err := <-ended:
			panic(err)
		case <-time.After(50 * time.Millisecond):
			config, _ = clientcmd.BuildConfigFromFlags("", filepath.Join(dir, "kubeconfig"))
		}
	}
	client = kubernetes.NewForConfigOrDie(config)
	return tests()
}

func pods() typedcorev1.PodInterface { return client.CoreV1().Pods("default") }

// running makes a pod and waits until it runs; a command is really run.
func running(t *testing.T, name string, annotations map[string]string, command ...string) {
	t.Helper()
	if command != nil {
		annotations = map[string]string{"testcluster/run": "true"}
	}
	_, err := pods().Create(t.Context(), &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: annotations},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "none", Command: command, Stdin: true, StdinOnce: true}}},
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool {
		p, err := pods().Get(t.Context(), name, metav1.GetOptions{})
		return err == nil && p.Status.Phase == corev1.PodRunning
	})
}

func eventually(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not within 30 s")
		}
	}
}

// stream runs an exec or attach over WebSocket (v5.channel.k8s.io, which can end standard input).
func stream(t *testing.T, kind, pod string, options any, o remotecommand.StreamOptions) error {
	t.Helper()
	r := client.CoreV1().RESTClient().Post().Resource("pods").Namespace("default").Name(pod).SubResource(kind)
	switch options := options.(type) {
	case *corev1.PodExecOptions:
		r = r.VersionedParams(options, scheme.ParameterCodec)
	case *corev1.PodAttachOptions:
		r = r.VersionedParams(options, scheme.ParameterCodec)
	}
	e, err := remotecommand.NewWebSocketExecutor(config, "GET", r.URL().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	return e.StreamWithContext(ctx, o)
}

func TestExecHasInputItsEndBothOutputsAndTheExitCode(t *testing.T) {
	running(t, "exec-run", nil, "sleep", "1000")
	running(t, "exec-plain", nil)
	for _, pod := range []string{"exec-run", "exec-plain"} {
		var out, errOut bytes.Buffer
		err := stream(t, "exec", pod, &corev1.PodExecOptions{Container: "c", Command: []string{"sh", "-c", "cat; echo bad >&2; exit 42"}, Stdin: true, Stdout: true, Stderr: true},
			remotecommand.StreamOptions{Stdin: strings.NewReader("typed\n"), Stdout: &out, Stderr: &errOut})
		var code utilexec.CodeExitError
		if !errors.As(err, &code) || code.Code != 42 || out.String() != "typed\n" || errOut.String() != "bad\n" {
			t.Errorf("%s: %v %q %q", pod, err, out.String(), errOut.String())
		}
	}
}

func TestExecOfNothingIs127(t *testing.T) {
	running(t, "exec-nothing", nil, "sleep", "1000")
	err := stream(t, "exec", "exec-nothing", &corev1.PodExecOptions{Container: "c", Command: []string{"no-such-command"}, Stderr: true}, remotecommand.StreamOptions{Stderr: io.Discard})
	var code utilexec.CodeExitError
	if !errors.As(err, &code) || code.Code != 127 {
		t.Error(err)
	}
}

func TestExecOnATerminalKnowsItsSize(t *testing.T) {
	running(t, "exec-tty", nil, "sleep", "1000")
	var out bytes.Buffer
	err := stream(t, "exec", "exec-tty", &corev1.PodExecOptions{Container: "c", Command: []string{"sh", "-c", "until [ \"$(stty size)\" = '24 81' ]; do :; done; tty | cut -c 1-9"}, TTY: true, Stdin: true, Stdout: true},
		remotecommand.StreamOptions{Stdin: strings.NewReader(""), Stdout: &out, Tty: true, TerminalSizeQueue: &oneSize{remotecommand.TerminalSize{Width: 81, Height: 24}, false}})
	if err != nil || !strings.Contains(out.String(), "/dev/pts/") {
		t.Errorf("%v %q", err, out.String())
	}
}

type oneSize struct {
	size remotecommand.TerminalSize
	told bool
}

func (o *oneSize) Next() *remotecommand.TerminalSize {
	if o.told {
		return nil
	}
	o.told = true
	return &o.size
}

func TestAttachTalksToTheProcess(t *testing.T) {
	running(t, "attach-run", nil, "sh", "-c", "while read line; do echo got $line; done; echo end of input")
	var out bytes.Buffer
	err := stream(t, "attach", "attach-run", &corev1.PodAttachOptions{Container: "c", Stdin: true, Stdout: true},
		remotecommand.StreamOptions{Stdin: strings.NewReader("hello\n"), Stdout: &out})
	if err != nil || out.String() != "got hello\nend of input\n" {
		t.Errorf("%v %q", err, out.String())
	}
}

func TestPortForwardLeadsWhereThePodSays(t *testing.T) {
	target, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	go func() {
		for c, err := target.Accept(); err == nil; c, err = target.Accept() {
			fmt.Fprint(c, "target")
			c.Close()
		}
	}()
	running(t, "forward-annotated", map[string]string{"testcluster/forward": target.Addr().String()})
	running(t, "forward-echo", nil)
	for pod, want := range map[string]string{"forward-annotated": "target", "forward-echo": "ping"} {
		c := forward(t, pod)
		fmt.Fprint(c, "ping")
		_ = c.(*net.TCPConn).CloseWrite()
		if got, _ := io.ReadAll(c); string(got) != want {
			t.Errorf("%s: %q", pod, got)
		}
		c.Close()
	}
}

func forward(t *testing.T, pod string) net.Conn {
	t.Helper()
	u := client.CoreV1().RESTClient().Post().Resource("pods").Namespace("default").Name(pod).SubResource("portforward").URL()
	dialer, err := portforward.NewSPDYOverWebsocketDialer(u, config)
	if err != nil {
		t.Fatal(err)
	}
	ready := make(chan struct{})
	f, err := portforward.NewOnAddresses(dialer, []string{"127.0.0.1"}, []string{"0:80"}, t.Context().Done(), ready, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = f.ForwardPorts() }()
	<-ready
	ports, err := f.GetPorts()
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", ports[0].Local))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAnOldWatchIsGone(t *testing.T) {
	w, err := client.CoreV1().Pods("").Watch(t.Context(), metav1.ListOptions{ResourceVersion: "5"})
	if err != nil {
		if !apierrors.IsResourceExpired(err) && !apierrors.IsGone(err) {
			t.Error(err)
		}
		return
	}
	defer w.Stop()
	event := <-w.ResultChan()
	if status, ok := event.Object.(*metav1.Status); event.Type != watch.Error || !ok || status.Code != http.StatusGone {
		t.Errorf("%v", event)
	}
}

func TestAServiceAccountsSecretGetsItsToken(t *testing.T) {
	secrets := client.CoreV1().Secrets("default")
	_, err := secrets.Create(t.Context(), &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "legacy", Annotations: map[string]string{corev1.ServiceAccountNameKey: "default"}},
		Type:       corev1.SecretTypeServiceAccountToken,
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool {
		s, err := secrets.Get(t.Context(), "legacy", metav1.GetOptions{})
		return err == nil && len(s.Data["token"]) > 0 && len(s.Data["ca.crt"]) > 0
	})
}

func TestTheKubeletRefusesStrangers(t *testing.T) {
	node, err := client.CoreV1().Nodes().Get(t.Context(), "node-1", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := rest.TLSConfigFor(rest.AnonymousClientConfig(config))
	if err != nil {
		t.Fatal(err)
	}
	c, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", node.Status.DaemonEndpoints.KubeletEndpoint.Port), stranger)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	// To TLS 1.3 the client's half is done: the refusal is what it reads. One who also writes may find the connection closed instead.
	if _, err := c.Read(make([]byte, 1)); err == nil || !strings.Contains(err.Error(), "certificate required") {
		t.Errorf("%v", err)
	}
}
