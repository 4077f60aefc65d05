// Queries of a log, as a table.

package kubelet

import (
	"bufio"
	"net/url"
	"strings"
	"testing"
	"time"
)

const stored = "2026-01-01T00:00:01Z one\n2026-01-01T00:00:02.5Z two\n2026-01-01T00:00:03Z three\n2026-01-01T00:00:04Z begun"

func TestSelectionShowsWhatWasAskedFor(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 5, 0, time.UTC)
	for query, want := range map[string]string{
		"":                                  "one\ntwo\nthree\nbegun",
		"tailLines=2":                       "three\nbegun",
		"tailLines=0":                       "",
		"tailLines=99":                      "one\ntwo\nthree\nbegun",
		"limitBytes=5":                      "one\nt",
		"limitBytes=4":                      "one\n",
		"tailLines=3&limitBytes=6":          "two\nth",
		"sinceSeconds=2":                    "three\nbegun",
		"sinceTime=2026-01-01T00:00:03Z":    "three\nbegun",
		"tailLines=1&sinceSeconds=0":        "",
		"timestamps=true&tailLines=1":       "2026-01-01T00:00:04.000000000Z begun",
		"timestamps=true&limitBytes=12":     "2026-01-01T0",
		"tailLines=2&follow=true":           "two\nthree\n",
		"sinceTime=2026-01-01T00:00:02.5Z":  "two\nthree\nbegun",
		"sinceTime=notatime&tailLines=nine": "one\ntwo\nthree\nbegun",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got := selected(newSelection(values, now), now); got != want {
			t.Errorf("%q shows %q, not %q", query, got, want)
		}
	}
}

func selected(s *selection, now time.Time) string {
	var b strings.Builder
	lines, _ := lastLines(bufio.NewReader(strings.NewReader(stored)), s.tail, s.follow)
	for _, line := range lines {
		text, more := s.show(line, now)
		b.WriteString(text)
		if !more {
			break
		}
	}
	return b.String()
}

func TestABegunLineIsKeptForWhoFollows(t *testing.T) {
	if _, begun := lastLines(bufio.NewReader(strings.NewReader("a\nb")), -1, true); begun != "b" {
		t.Errorf("got %q", begun)
	}
}

func TestALineWithoutATimeIsShownWhole(t *testing.T) {
	s := newSelection(url.Values{}, time.Now())
	if text, _ := s.show("no time here\n", time.Now()); text != "no time here\n" {
		t.Errorf("got %q", text)
	}
}
