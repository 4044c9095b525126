package main

import (
	"errors"
	"io"
	"sync"

	"github.com/hashicorp/raft"
)

var errLost = errors.New("the message was lost")

// A call is an RPC that waits for its answer. The library's goroutine that made it is blocked.
type call struct {
	from, to string
	request  interface{}
	answer   func(response interface{})
	done     chan error
}

// term is the term of the request.
func (c *call) term() uint64 {
	switch request := c.request.(type) {
	case *raft.RequestVoteRequest:
		return request.Term
	case *raft.AppendEntriesRequest:
		return request.Term
	}
	return 0
}

// kind is the type of the message that the request is reported as.
func (c *call) kind() string {
	switch request := c.request.(type) {
	case *raft.RequestVoteRequest:
		return "RequestVote"
	case *raft.AppendEntriesRequest:
		if isHeartbeat(request) {
			return "Heartbeat"
		}
		return "AppendEntries"
	}
	return "InstallSnapshot"
}

// A heartbeat of the library names its term and leader and nothing else.
func isHeartbeat(request *raft.AppendEntriesRequest) bool {
	return request.PrevLogEntry == 0 && len(request.Entries) == 0 && request.LeaderCommitIndex == 0
}

// A transport captures every RPC of one life of a server. Nothing reaches another server by itself.
type transport struct {
	name     string
	consumer chan raft.RPC

	mutex  sync.Mutex
	closed bool
	// The calls that wait, in the order in which they were made.
	waiting []*call
	// Those of them that have not been reported yet.
	fresh []*call
}

func newTransport(name string) *transport {
	return &transport{name: name, consumer: make(chan raft.RPC)}
}

// call blocks until the suite has delivered an answer, or has lost the message.
func (t *transport) call(to raft.ServerID, request interface{}, answer func(interface{})) error {
	c := &call{
		from: t.name, to: string(to), request: request, answer: answer, done: make(chan error, 1),
	}
	t.mutex.Lock()
	if t.closed {
		t.mutex.Unlock()
		return errLost
	}
	t.waiting = append(t.waiting, c)
	t.fresh = append(t.fresh, c)
	t.mutex.Unlock()
	return <-c.done
}

// finish takes a call off the list; false if it is over already.
func (t *transport) finish(c *call) bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for place, other := range t.waiting {
		if other == c {
			t.waiting = append(t.waiting[:place:place], t.waiting[place+1:]...)
			return true
		}
	}
	return false
}

// pending is the call that an answer belongs to: of that kind and term, to that server, the oldest;
// else the latest of another term.
func (t *transport) pending(kind, to string, term uint64) *call {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	var found *call
	for _, c := range t.waiting {
		if c.kind() != kind || c.to != to {
			continue
		}
		if c.term() == term {
			return c
		}
		found = c
	}
	return found
}

// takeFresh hands out the calls made since it was last asked.
func (t *transport) takeFresh() []*call {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	calls := t.fresh
	t.fresh = nil
	return calls
}

// fail ends the calls that the filter picks, as lost.
func (t *transport) fail(picks func(*call) bool) {
	t.mutex.Lock()
	var kept, failed []*call
	for _, c := range t.waiting {
		if picks(c) {
			failed = append(failed, c)
		} else {
			kept = append(kept, c)
		}
	}
	t.waiting = kept
	t.mutex.Unlock()
	for _, c := range failed {
		c.done <- errLost
	}
}

// Close ends every call, and those to come at once.
func (t *transport) Close() error {
	t.mutex.Lock()
	t.closed = true
	t.mutex.Unlock()
	t.fail(func(*call) bool { return true })
	return nil
}

// Consumer implements raft.Transport.
func (t *transport) Consumer() <-chan raft.RPC { return t.consumer }

// LocalAddr implements raft.Transport.
func (t *transport) LocalAddr() raft.ServerAddress { return raft.ServerAddress(t.name) }

// AppendEntriesPipeline implements raft.Transport: one RPC at a time for each follower.
func (t *transport) AppendEntriesPipeline(raft.ServerID, raft.ServerAddress) (raft.AppendPipeline, error) {
	return nil, raft.ErrPipelineReplicationNotSupported
}

// AppendEntries implements raft.Transport.
func (t *transport) AppendEntries(
	id raft.ServerID, _ raft.ServerAddress, args *raft.AppendEntriesRequest,
	resp *raft.AppendEntriesResponse,
) error {
	// The library uses its request again, so what is on its way is a copy.
	copied := *args
	return t.call(id, &copied, func(response interface{}) {
		*resp = *response.(*raft.AppendEntriesResponse)
	})
}

// RequestVote implements raft.Transport.
func (t *transport) RequestVote(
	id raft.ServerID, _ raft.ServerAddress, args *raft.RequestVoteRequest,
	resp *raft.RequestVoteResponse,
) error {
	copied := *args
	// The TimeoutNow that started the election stands for the timer, and a timer's election does
	// not ask voters to forget their leader.
	copied.LeadershipTransfer = false
	return t.call(id, &copied, func(response interface{}) {
		*resp = *response.(*raft.RequestVoteResponse)
	})
}

// InstallSnapshot implements raft.Transport; no snapshot is ever taken here.
func (t *transport) InstallSnapshot(
	raft.ServerID, raft.ServerAddress, *raft.InstallSnapshotRequest, *raft.InstallSnapshotResponse,
	io.Reader,
) error {
	return errLost
}

// EncodePeer implements raft.Transport.
func (t *transport) EncodePeer(id raft.ServerID, _ raft.ServerAddress) []byte { return []byte(id) }

// DecodePeer implements raft.Transport.
func (t *transport) DecodePeer(peer []byte) raft.ServerAddress { return raft.ServerAddress(peer) }

// SetHeartbeatHandler implements raft.Transport: heartbeats go the way of every RPC.
func (t *transport) SetHeartbeatHandler(func(raft.RPC)) {}

// TimeoutNow implements raft.Transport; leadership is never handed over here.
func (t *transport) TimeoutNow(
	raft.ServerID, raft.ServerAddress, *raft.TimeoutNowRequest, *raft.TimeoutNowResponse,
) error {
	return errLost
}
