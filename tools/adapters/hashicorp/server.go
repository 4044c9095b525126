package main

import (
	"io"
	"os"
	"sort"
	"sync"
	"time"

	"github.com/hashicorp/raft"
)

// Never passes while a trace runs.
const never = 1000 * time.Hour

// Every log starts with the configuration, at index 1.
var base = Position{Index: 1, Term: 0}

var (
	keyTerm      = []byte("CurrentTerm")
	keyVoteTerm  = []byte("LastVoteTerm")
	keyCandidate = []byte("LastVoteCand")
)

// A ledger is the replicated state machine: the list of what was applied.
type ledger struct {
	mutex   sync.Mutex
	applied []Entry
}

// Apply implements raft.FSM.
func (l *ledger) Apply(log *raft.Log) interface{} {
	entry := entryOf(log)
	entry.Index = log.Index
	l.mutex.Lock()
	l.applied = append(l.applied, entry)
	l.mutex.Unlock()
	return nil
}

// Snapshot implements raft.FSM; it is never asked for.
func (l *ledger) Snapshot() (raft.FSMSnapshot, error) { return nil, raft.ErrNothingNewToSnapshot }

// Restore implements raft.FSM; there is never anything to restore.
func (l *ledger) Restore(source io.ReadCloser) error { return source.Close() }

// take hands out what was applied since it was last asked.
func (l *ledger) take() []Entry {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	applied := l.applied
	l.applied = nil
	return applied
}

// A proposal waits for its fate.
type proposal struct {
	data    []byte
	decided bool
	err     error
}

// A server is a disk, and the node that runs on it or does not. Its stores are synchronous: what was
// written is durable.
type server struct {
	name     string
	voters   []string
	settings Settings
	disk     *raft.InmemStore

	raft      *raft.Raft
	transport *transport
	ledger    *ledger

	mutex     sync.Mutex
	proposals []*proposal

	shownState   State
	shownLog     []Entry
	shownApplied uint64
	allApplied   []Entry
}

// format makes a disk of a server that was never used, but for its configuration.
func (s *server) format() error {
	s.disk = raft.NewInmemStore()
	var configuration raft.Configuration
	for _, voter := range s.voters {
		configuration.Servers = append(configuration.Servers, raft.Server{
			Suffrage: raft.Voter, ID: raft.ServerID(voter), Address: raft.ServerAddress(voter),
		})
	}
	return s.disk.StoreLog(&raft.Log{
		Index: base.Index, Term: base.Term, Type: raft.LogConfiguration,
		Data: raft.EncodeConfiguration(configuration),
	})
}

// write puts the durable state on the disk that the trace says it boots from.
func (s *server) write(term uint64, votedFor string, entries []Entry) error {
	if err := s.disk.SetUint64(keyTerm, term); err != nil {
		return err
	}
	if votedFor != "" {
		if err := s.disk.SetUint64(keyVoteTerm, term); err != nil {
			return err
		}
		if err := s.disk.Set(keyCandidate, []byte(votedFor)); err != nil {
			return err
		}
	}
	for offset, entry := range entries {
		log, err := logOf(entry, base.Index+1+uint64(offset))
		if err != nil {
			return err
		}
		if err := s.disk.StoreLog(log); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) start() error {
	config := raft.DefaultConfig()
	config.LocalID = raft.ServerID(s.name)
	config.HeartbeatTimeout, config.ElectionTimeout = never, never
	config.CommitTimeout, config.LeaderLeaseTimeout = never, never
	config.SnapshotInterval, config.SnapshotThreshold = never, 1<<60
	config.LogOutput, config.LogLevel = os.Stderr, "ERROR"
	if s.settings.MaxEntriesPerAppend > 0 {
		config.MaxAppendEntries = s.settings.MaxEntriesPerAppend
	}
	s.transport, s.ledger = newTransport(s.name), &ledger{}
	s.proposals, s.shownState, s.shownLog, s.allApplied = nil, State{}, nil, nil
	s.shownApplied = base.Index
	node, err := raft.NewRaft(
		config, s.ledger, s.disk, s.disk, raft.NewDiscardSnapshotStore(), s.transport)
	s.raft = node
	return err
}

// stop ends the node's life, and returns when its goroutines have ended.
func (s *server) stop() {
	stopped := s.raft.Shutdown()
	s.transport.Close()
	_ = stopped.Error()
	s.raft = nil
}

// ask hands the node an RPC and waits for its response.
func (s *server) ask(request interface{}) (interface{}, error) {
	responses := make(chan raft.RPCResponse, 1)
	s.transport.consumer <- raft.RPC{Command: request, RespChan: responses}
	response := <-responses
	return response.Response, response.Error
}

// standForElection does what the node's election timer does.
func (s *server) standForElection() error {
	if s.raft.State() == raft.Candidate {
		// Its loop looks at its state after every event; a proposal that it refuses is one.
		s.raft.EndCandidacy()
		_ = s.raft.Apply(nil, 0).Error()
	}
	_, err := s.ask(&raft.TimeoutNowRequest{RPCHeader: header})
	return err
}

// propose hands over a command; its fate is known when the node is at rest, or later.
func (s *server) propose(data []byte) *proposal {
	made := &proposal{data: data}
	s.mutex.Lock()
	s.proposals = append(s.proposals, made)
	s.mutex.Unlock()
	node := s.raft
	go func() {
		err := node.Apply(data, 0).Error()
		s.mutex.Lock()
		made.decided, made.err = true, err
		s.mutex.Unlock()
	}()
	return made
}

// fates hands out the proposals decided since it was last asked, in the order they were made in.
func (s *server) fates() []Fate {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var fates []Fate
	var open []*proposal
	for _, made := range s.proposals {
		switch {
		case !made.decided:
			open = append(open, made)
		case made.err == nil:
			fates = append(fates, Fate{Data: made.data, Fate: "committed"})
		default:
			fates = append(fates, Fate{Data: made.data, Fate: "unknown"})
		}
	}
	s.proposals = open
	return fates
}

// state is what the node shows of itself, but for its log.
func (s *server) state() State {
	// What the disk boots from, the base, is committed; a new life does not know it at first.
	commit := s.raft.CommittedIndex()
	if commit < base.Index {
		commit = base.Index
	}
	state := State{"status": "running", "commitIndex": commit, "leader": nil, "votedFor": nil}
	switch s.raft.State() {
	case raft.Leader:
		state["role"] = "leader"
	case raft.Candidate:
		state["role"] = "candidate"
	case raft.Follower:
		state["role"] = "follower"
	case raft.Shutdown:
		state["status"] = "halted"
	}
	if leader := s.raft.Leader(); leader != "" {
		state["leader"] = string(leader)
	}
	term, _ := s.disk.GetUint64(keyTerm)
	state["term"] = term
	if voteTerm, _ := s.disk.GetUint64(keyVoteTerm); voteTerm == term {
		if candidate, err := s.disk.Get(keyCandidate); err == nil {
			state["votedFor"] = string(candidate)
		}
	}
	return state
}

// entries is the log after the base.
func (s *server) entries() []Entry {
	last, _ := s.disk.LastIndex()
	var entries []Entry
	var log raft.Log
	for index := base.Index + 1; index <= last; index++ {
		if err := s.disk.GetLog(index, &log); err != nil {
			break
		}
		entries = append(entries, entryOf(&log))
	}
	return entries
}

// takeApplied hands out what was applied: commands as the state machine got them, and between them
// the entries that it is not told of.
func (s *server) takeApplied() []Entry {
	applied := s.ledger.take()
	var log raft.Log
	for index := s.shownApplied + 1; index <= s.raft.AppliedIndex(); index++ {
		if err := s.disk.GetLog(index, &log); err == nil && log.Type != raft.LogCommand {
			entry := entryOf(&log)
			entry.Index = index
			applied = append(applied, entry)
		}
		s.shownApplied = index
	}
	sort.SliceStable(applied, func(a, b int) bool { return applied[a].Index < applied[b].Index })
	s.allApplied = append(s.allApplied, applied...)
	return applied
}

// delta is what changed since it was last asked.
func (s *server) delta() State {
	delta := State{}
	state := s.state()
	for key, value := range state {
		if shown, known := s.shownState[key]; !known || shown != value {
			delta[key] = value
		}
	}
	s.shownState = state
	log := s.entries()
	shared := 0
	for shared < len(log) && shared < len(s.shownLog) && same(log[shared], s.shownLog[shared]) {
		shared++
	}
	if shared < len(s.shownLog) {
		delta["truncatedFrom"] = base.Index + 1 + uint64(shared)
	}
	if shared < len(log) {
		delta["appended"] = log[shared:]
	}
	s.shownLog = log
	if applied := s.takeApplied(); len(applied) > 0 {
		delta["applied"] = applied
	}
	return delta
}

func same(a, b Entry) bool {
	return a.Term == b.Term && a.Kind == b.Kind && string(a.Data) == string(b.Data)
}
