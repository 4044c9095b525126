package main

import (
	"bytes"
	"runtime"
)

// A watch tells when the process is at rest. Its look at all goroutines stops the world, so what it
// sees is one instant: if all are blocked then, on channels whose other ends are blocked too or on
// timers of an hour, nothing can happen any more until the suite asks for something.
type watch struct{ buffer []byte }

// rest returns at that instant. It waits on no clock: a goroutine that sits in the library's pause
// before it sends again is waited for like one that runs.
func (w *watch) rest(servers map[string]*server) {
	for w.anyBusy() || anyHeartbeatDue(servers) {
		runtime.Gosched()
	}
}

var (
	separator = []byte("\n\n")
	retries   = []byte("raft.(*Raft).replicateTo(")
)

func (w *watch) anyBusy() bool {
	size := runtime.Stack(w.buffer, true)
	for size == len(w.buffer) {
		w.buffer = make([]byte, 2*len(w.buffer))
		size = runtime.Stack(w.buffer, true)
	}
	// The first is the goroutine that looks.
	for _, stack := range bytes.Split(w.buffer[:size], separator)[1:] {
		lines := bytes.SplitN(stack, []byte("\n"), 3)
		if len(lines) < 2 {
			continue
		}
		if !isBlocked(lines[0]) || bytes.Contains(lines[1], retries) {
			return true
		}
	}
	return false
}

// isBlocked reads a header such as "goroutine 7 [select, 2 minutes]:".
func isBlocked(header []byte) bool {
	start := bytes.IndexByte(header, '[')
	state := header[start+1:]
	for _, blocked := range []string{"select", "chan receive", "chan send", "sync.Cond.Wait", "semacquire"} {
		if bytes.HasPrefix(state, []byte(blocked)) {
			return true
		}
	}
	return false
}

// anyHeartbeatDue sees heartbeats that are due and wait for the library's pause after a lost one.
func anyHeartbeatDue(servers map[string]*server) bool {
	for _, server := range servers {
		if server.raft == nil {
			continue
		}
		for id, term := range server.raft.PendingHeartbeats() {
			under := server.transport.pending("Heartbeat", string(id), term)
			if under == nil || under.term() != term {
				return true
			}
		}
	}
	return false
}
