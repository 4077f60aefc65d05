// A container's output: stamped lines in its log file, and the raw bytes to whoever is attached.

package kubelet

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// longestLine is where a line without an end is cut, as container runtimes do.
const longestLine = 16 << 10

type output struct {
	mu       sync.Mutex
	file     *os.File
	line     []byte // not ended yet
	attached map[io.Writer]bool
	closed   chan struct{} // nothing more comes
}

// newOutput starts a log; the one before it becomes the previous one.
func newOutput(path string) (*output, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if err := os.Rename(path, previousLog(path)); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	return &output{file: f, attached: map[io.Writer]bool{}, closed: make(chan struct{})}, err
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for w := range o.attached {
		if _, err := w.Write(p); err != nil {
			delete(o.attached, w) // it left
		}
	}
	o.line = append(o.line, p...)
	for {
		end := bytes.IndexByte(o.line, '\n')
		if end < 0 && len(o.line) >= longestLine {
			end = longestLine
			o.line = append(o.line[:end:end], append([]byte{'\n'}, o.line[end:]...)...)
		}
		if end < 0 {
			return len(p), nil
		}
		if err := o.store(o.line[:end+1]); err != nil {
			return 0, err
		}
		o.line = o.line[end+1:]
	}
}

func (o *output) store(line []byte) error {
	_, err := o.file.Write(append(time.Now().UTC().AppendFormat(nil, stampFormat+" "), line...))
	return err
}

// Close stores a last line that had no end.
func (o *output) Close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.line) > 0 {
		_ = o.store(o.line)
	}
	_ = o.file.Close()
	close(o.closed)
}

func (o *output) attach(w io.Writer) (detach func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.attached[w] = true
	return func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		delete(o.attached, w)
	}
}
