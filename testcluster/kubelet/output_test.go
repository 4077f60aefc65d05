// The log writer, on files.

package kubelet

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func storedTexts(t *testing.T, path string) []string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var result []string
	for _, line := range strings.SplitAfter(string(content), "\n") {
		if line != "" {
			_, text, _ := strings.Cut(line, " ")
			result = append(result, text)
		}
	}
	return result
}

func TestOutputIsStampedByTheLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pod", "c.log")
	out, err := newOutput(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"o", "ne\ntw", "o\n\nbegun"} {
		if n, err := out.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	if got := storedTexts(t, path); strings.Join(got, "|") != "one\n|two\n|\n" {
		t.Errorf("before its end: %q", got)
	}
	out.Close()
	if got := storedTexts(t, path); strings.Join(got, "|") != "one\n|two\n|\n|begun" {
		t.Errorf("after its end: %q", got)
	}
}

func TestALineWithoutEndIsCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.log")
	out, _ := newOutput(path)
	_, _ = out.Write(bytes.Repeat([]byte("x"), longestLine+5))
	out.Close()
	if got := storedTexts(t, path); len(got) != 2 || len(got[0]) != longestLine+1 || got[1] != "xxxxx" {
		t.Errorf("%d lines", len(got))
	}
}

func TestARestartKeepsThePreviousLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.log")
	for _, text := range []string{"first\n", "second\n"} {
		out, _ := newOutput(path)
		_, _ = out.Write([]byte(text))
		out.Close()
	}
	if got := storedTexts(t, previousLog(path)); len(got) != 1 || got[0] != "first\n" {
		t.Errorf("%q", got)
	}
}

func TestWhoIsAttachedGetsRawBytesUntilDetached(t *testing.T) {
	out, _ := newOutput(filepath.Join(t.TempDir(), "c.log"))
	defer out.Close()
	var seen bytes.Buffer
	detach := out.attach(&seen)
	_, _ = out.Write([]byte("a"))
	detach()
	_, _ = out.Write([]byte("b"))
	if seen.String() != "a" {
		t.Errorf("%q", seen.String())
	}
}
