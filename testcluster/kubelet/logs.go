// pods/log: the file DIR/logs/NAMESPACE/POD/CONTAINER.log, followed while its container writes to it.

package kubelet

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

func (k *Kubelet) logPath(pod *corev1.Pod, container string) string {
	return filepath.Join(k.Dir, "logs", pod.Namespace, pod.Name, container+".log")
}

func previousLog(path string) string { return strings.TrimSuffix(path, ".log") + ".previous.log" }

func (k *Kubelet) serveLogs(w http.ResponseWriter, r *http.Request, pod *corev1.Pod, container string) {
	s := newSelection(r.URL.Query(), time.Now())
	source, path, err := k.openLog(pod, container, s.previous)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	defer source.Close()
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(http.StatusOK)
	out := &logWriter{selection: s, w: w, source: bufio.NewReaderSize(source, 64<<10)}
	if !out.past() || !s.follow {
		return
	}
	out.follow(r.Context().Done(), func() bool {
		return k.logEnded(pod, container, path, source)
	})
}

// openLog finds what the container wrote. A pod that isn't run and has no file has one line to say.
func (k *Kubelet) openLog(pod *corev1.Pod, container string, previous bool) (io.ReadCloser, string, error) {
	path := k.logPath(pod, container)
	if previous {
		path = previousLog(path)
	}
	f, err := os.Open(path)
	switch {
	case err == nil:
		return f, path, nil
	case previous:
		return nil, "", fmt.Errorf("previous terminated container %q in pod %q not found", container, pod.Name)
	case pod.Status.Phase == corev1.PodPending || pod.Status.Phase == "" || really(pod):
		return nil, "", fmt.Errorf("container %q in pod %q is waiting to start: ContainerCreating", container, pod.Name)
	}
	line := fmt.Sprintf("%s hello from %s/%s/%s\n", time.Now().UTC().Format(stampFormat), pod.Namespace, pod.Name, container)
	return io.NopCloser(strings.NewReader(line)), path, nil
}

// logEnded is true when nothing more can come: the container is over, or was restarted with a new file.
func (k *Kubelet) logEnded(pod *corev1.Pod, container, path string, source io.ReadCloser) bool {
	now := k.pod(pod.Namespace, pod.Name)
	if now == nil || now.UID != pod.UID || finished(now) || (now.DeletionTimestamp != nil && k.runOf(now.UID) == nil) {
		return true
	}
	if run := k.runOf(now.UID); run != nil && run.over(container) {
		return true
	}
	f, ok := source.(*os.File)
	if !ok {
		return false
	}
	ours, err := f.Stat()
	if err != nil {
		return true
	}
	current, err := os.Stat(path)
	return err != nil || !os.SameFile(ours, current)
}

// logWriter shows lines of a log to one client.
type logWriter struct {
	*selection
	w      http.ResponseWriter
	source *bufio.Reader
	rest   string // the begin of a line that isn't written to its end
}

// past shows what is there now; false when the client wants or takes no more.
func (l *logWriter) past() bool {
	defer l.flush()
	lines, begun := lastLines(l.source, l.tail, l.selection.follow)
	l.rest = begun
	for _, line := range lines {
		if !l.emit(line) {
			return false
		}
	}
	return true
}

// follow shows what comes later, until the client leaves or the log ends.
func (l *logWriter) follow(left <-chan struct{}, ended func() bool) {
	for {
		over := ended() // asked before reading: what was written before the end is shown
		line, err := l.source.ReadString('\n')
		l.rest += line
		switch {
		case err == nil:
			if !l.emit(l.rest) {
				return
			}
			l.rest = ""
			l.flush()
		case over:
			l.emit(l.rest)
			return
		default:
			select {
			case <-left:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
}

func (l *logWriter) emit(line string) bool {
	if line == "" {
		return true
	}
	text, more := l.show(line, time.Now().UTC())
	_, err := io.WriteString(l.w, text)
	return err == nil && more
}

func (l *logWriter) flush() {
	if f, ok := l.w.(http.Flusher); ok {
		f.Flush()
	}
}
