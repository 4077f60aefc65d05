// Which lines of a log are shown, and how; pure.

package kubelet

import (
	"bufio"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// stampFormat is the kubelet's: nanoseconds with all their zeros, so that lines of a log sort as text.
const stampFormat = "2006-01-02T15:04:05.000000000Z07:00"

// selection is what a client asked of a log.
type selection struct {
	follow, previous, stamps bool
	tail                     int   // the last so many lines; -1: all
	limit                    int64 // bytes still to be shown; -1: all
	since                    time.Time
}

func newSelection(q url.Values, now time.Time) *selection {
	s := &selection{follow: q.Get("follow") == "true", previous: q.Get("previous") == "true", stamps: q.Get("timestamps") == "true", tail: -1, limit: -1}
	if v, err := strconv.Atoi(q.Get("tailLines")); err == nil {
		s.tail = v
	}
	if v, err := strconv.ParseInt(q.Get("limitBytes"), 10, 64); err == nil {
		s.limit = v
	}
	if v, err := strconv.Atoi(q.Get("sinceSeconds")); err == nil {
		s.since = now.Add(-time.Duration(v) * time.Second)
	}
	if v, err := time.Parse(time.RFC3339, q.Get("sinceTime")); err == nil {
		s.since = v
	}
	return s
}

// show turns a stored line, "STAMP TEXT\n", into what the client gets of it; more is false when the limit is reached.
func (s *selection) show(line string, now time.Time) (text string, more bool) {
	stamp, text, ok := strings.Cut(line, " ")
	at, err := time.Parse(time.RFC3339Nano, stamp)
	if !ok || err != nil { // written by hand, without a time
		at, text = now, line
	}
	if at.Before(s.since) {
		return "", true
	}
	if s.stamps {
		text = at.UTC().Format(stampFormat) + " " + text
	}
	if s.limit < 0 {
		return text, true
	}
	if int64(len(text)) > s.limit {
		text = text[:s.limit]
	}
	s.limit -= int64(len(text))
	return text, s.limit > 0
}

// lastLines reads to the end and answers the last n lines (all for -1). A begun line is one of them, unless the rest
// of it may still come: then it is answered apart.
func lastLines(r *bufio.Reader, n int, follow bool) (lines []string, begun string) {
	for {
		line, err := r.ReadString('\n')
		if err != nil && (follow || line == "") {
			return lines, line
		}
		if lines = append(lines, line); n >= 0 && len(lines) > n {
			lines = lines[1:]
		}
	}
}
