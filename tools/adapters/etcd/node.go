package main

import (
	"errors"
	"hash/fnv"
	"math"
	"math/rand"

	"go.etcd.io/etcd/raft"
	pb "go.etcd.io/etcd/raft/raftpb"
)

// node is a server through all its lives: the library's RawNode and the loop around it that its
// documentation describes. A Ready is written, its messages leave, its committed entries are
// applied, and then the library is advanced; one Ready after the other. A leader's own requests
// leave before the write, as the documentation allows and etcd's server does it.
type node struct {
	name   string
	id     uint64
	config raft.Config
	random *rand.Rand
	base   uint64
	first  pb.ConfState // what the cluster started from
	disk   *disk
	status string
	raft   *raft.RawNode // nil when dead
	lives  int
	life
	told told
}

// life is what a crash takes away.
type life struct {
	faults  []*plannedFault
	holds   map[string]bool
	writing *raft.Ready  // the one whose write is under way
	waiting []pb.Message // leave when that is done
	due     []pb.Entry   // committed, held back from the state machine
	conf    pb.ConfState // in force, as of the last entry committed
	origin  *snapshot    // what the state machine started from
	applied []pb.Entry   // all that the state machine was given since then
	open    []proposal
	reads   []read
	outbox  []pb.Message // not told yet, like the fates and the reads served
	fates   []interface{}
	served  []read

	commands  [][]byte // what the state machine holds
	appliedTo uint64
	tokens    int
}

// proposal is a command or a change whose client waits, or was told that nobody knows.
type proposal struct {
	index, term uint64
	data        []byte
	change      string // of a change, its name
	unknown     bool
}

func (p proposal) fate(word string) interface{} {
	if p.change != "" {
		return changeFate{p.change, word}
	}
	return fate{p.data, word}
}

// told is what the suite knows of a node.
type told struct {
	status  string
	known   bool
	basic   raft.BasicStatus
	first   uint64   // index of the log
	terms   []uint64 // of the log from there on
	changed uint64   // the first index that may differ from that; 0: none
	applied int

	restored bool
	conf     string
	snapshot uint64
}

func (n *node) start() error {
	n.disk.commit = 0
	held, err := n.disk.Snapshot()
	if err != nil {
		return err
	}
	n.config.Storage, n.config.Applied = n.disk, held.Metadata.Index
	started, err := raft.NewRawNode(&n.config)
	if err != nil {
		return err
	}
	n.lives++
	n.raft, n.status, n.life = started, "running", life{holds: map[string]bool{}, conf: n.disk.conf}
	n.told = told{}
	if held.Metadata.Index > n.base {
		n.restore(held)
	} else {
		n.appliedTo = n.base
	}
	n.drain()
	return nil
}

// stop ends a life. Nobody knows any more what became of the commands it took.
func (n *node) stop(status string) {
	n.status, n.raft, n.due = status, nil, nil
	n.leadershipEnded()
	n.failReads()
}

func (n *node) crash(unsynced string, wipe bool) error {
	err := n.disk.crash(n.writing, unsynced)
	if wipe {
		start := pb.SnapshotMetadata{Index: n.base, ConfState: n.first}
		n.disk, err = newDisk(pb.Snapshot{Metadata: start}, pb.HardState{}, nil)
	}
	n.stop("crashed")
	return err
}

// drain handles one Ready after the other, until there is none or a write is held.
func (n *node) drain() {
	for n.raft != nil && n.writing == nil && n.raft.HasReady() {
		ready := n.raft.Ready()
		n.begin(&ready)
	}
}

// begin starts the write of a Ready, and ends it unless it is held.
func (n *node) begin(ready *raft.Ready) {
	now := n.raft.BasicStatus()
	if len(ready.Entries) > 0 && (n.told.changed == 0 || ready.Entries[0].Index < n.told.changed) {
		n.told.changed = ready.Entries[0].Index
	}
	n.writing, n.waiting = ready, nil
	leads := now.RaftState == raft.StateLeader && !n.disk.votes(ready)
	for _, m := range ready.Messages {
		if leads && m.Term == now.Term && (m.Type == pb.MsgApp || m.Type == pb.MsgHeartbeat) {
			n.outbox = append(n.outbox, m)
		} else {
			n.waiting = append(n.waiting, m)
		}
	}
	if fault := n.disk.meet(&n.faults, ready); fault != nil {
		if fault.on != "sync" {
			n.writing = nil // not even begun
		}
		if fault.effect == "crash" {
			n.stop("crashed")
		} else {
			n.stop("halted")
		}
	} else if !n.held() {
		n.finish()
	}
}

// held tells whether the write under way is held back by what it contains.
func (n *node) held() bool {
	return n.holds["sync"] && n.disk.syncs(n.writing) || n.holds["vote"] && n.disk.votes(n.writing) ||
		n.holds["entries"] && len(n.writing.Entries) > 0
}

// finish ends the write under way, with all that follows from its Ready.
func (n *node) finish() {
	ready := n.writing
	if err := n.disk.persist(ready); err != nil {
		panic(err)
	}
	n.outbox = append(n.outbox, n.waiting...)
	n.writing, n.waiting = nil, nil
	if !raft.IsEmptySnap(ready.Snapshot) {
		n.restore(ready.Snapshot)
	}
	for _, e := range ready.CommittedEntries {
		if e.Type != pb.EntryNormal {
			n.applyChange(e) // the library's own business, which no state machine holds up
		}
	}
	n.due = append(n.due, ready.CommittedEntries...)
	n.confirm(ready.ReadStates)
	n.apply()
	n.raft.Advance(*ready)
}

// apply gives the state machine what is due, unless that is held.
func (n *node) apply() {
	if n.holds["apply"] {
		return
	}
	for _, e := range n.due {
		n.applied, n.appliedTo = append(n.applied, e), e.Index
		if e.Type == pb.EntryNormal && e.Data != nil {
			n.commands = append(n.commands, e.Data)
		}
		var left []proposal
		for _, p := range n.open {
			if p.index != e.Index {
				left = append(left, p)
			} else if p.term == e.Term {
				n.fates = append(n.fates, p.fate("committed"))
			} else {
				n.fates = append(n.fates, p.fate("lost"))
			}
		}
		n.open = left
	}
	n.due = nil
	n.serve()
}

func (n *node) release(what string) {
	delete(n.holds, what)
	n.apply()
	if n.writing != nil && !n.held() {
		n.finish()
	}
	n.drain()
}

// complete ends held writes. The library asks for one at a time, so that those of later inputs wait
// their turn: they are held by the same hold, and completed with it.
func (n *node) complete(asked *request) bool {
	if through := asked.Through; through != nil && n.writing != nil {
		later, err := n.raft.LadderEntries(n.raft.LadderUnstable())
		if err != nil || !contains(n.writing.Entries, through) && !contains(later, through) {
			return false
		}
	}
	found := false
	for count := 0; n.raft != nil && n.writing != nil; count++ {
		if !asked.All && asked.Through == nil && count >= asked.Next {
			break
		}
		if asked.Fails {
			n.stop("halted")
			return true
		}
		found = true
		reached := asked.Through != nil && contains(n.writing.Entries, asked.Through)
		n.finish()
		n.drain()
		if reached {
			break
		}
	}
	return found
}

func contains(entries []pb.Entry, place *position) bool {
	for _, e := range entries {
		if e.Index == uint64(place.Index) && e.Term == uint64(place.Term) {
			return true
		}
	}
	return false
}

// propose gives the library a command; it refuses where the node does not lead.
func (n *node) propose(data []byte) (bool, error) {
	if err := n.raft.Propose(data); errors.Is(err, raft.ErrProposalDropped) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	taken := proposal{index: n.raft.LadderLast(), term: n.raft.BasicStatus().Term, data: data}
	n.open = append(n.open, taken)
	return true, nil
}

// leads tells whether the node still leads in the term in which the suite last saw it lead.
func (n *node) leads() bool {
	now := n.raft.BasicStatus()
	return now.RaftState == raft.StateLeader && now.Term == n.told.basic.Term
}

// leadershipEnded tells the clients of commands that were not applied that nobody knows.
func (n *node) leadershipEnded() {
	for i := range n.open {
		if !n.open[i].unknown {
			n.open[i].unknown = true
			n.fates = append(n.fates, n.open[i].fate("unknown"))
		}
	}
}

var roles = map[raft.StateType]string{
	raft.StateFollower: "follower", raft.StatePreCandidate: "pre-candidate",
	raft.StateCandidate: "candidate", raft.StateLeader: "leader",
}

// delta is what changed since the suite was last told of the node.
func (n *node) delta(name func(uint64) string) *state {
	out := &state{}
	if n.status != n.told.status {
		out.Status, n.told.status = n.status, n.status
	}
	if n.raft == nil {
		return out
	}
	now, before, first := n.raft.BasicStatus(), n.told.basic, !n.told.known
	if first || now.RaftState != before.RaftState {
		out.Role = roles[now.RaftState]
	}
	out.Term = ifChanged(first, now.Term, before.Term)
	out.CommitIndex = ifChanged(first, now.Commit, before.Commit)
	if first || now.Vote != before.Vote {
		votedFor := server(name(now.Vote))
		out.VotedFor = &votedFor
	}
	if first || now.Lead != before.Lead {
		leader := server(name(now.Lead))
		out.Leader = &leader
	}
	if !first && (now.Term != before.Term || now.Lead != before.Lead) {
		n.failReads()
	}
	n.told.basic, n.told.known = now, true
	conf := func(index uint64) *configuration { return named(n.confAsOf(index), name) }
	n.logChanges(out, conf)
	if text := n.conf.String(); text != n.told.conf {
		out.Configuration, n.told.conf = named(n.conf, name), text
	}
	if held, err := n.disk.Snapshot(); err == nil && held.Metadata.Index > n.base &&
		held.Metadata.Index != n.told.snapshot {
		n.told.snapshot = held.Metadata.Index
		out.Snapshot = &position{number(held.Metadata.Index), number(held.Metadata.Term)}
	}
	if n.origin != nil && !n.told.restored {
		n.origin.Configuration = named(n.origin.conf, name)
		out.Restored, n.told.restored = n.origin, true
	}
	for _, e := range n.applied[n.told.applied:] {
		out.Applied = append(out.Applied, applied{number(e.Index), shown(e, conf)})
	}
	n.told.applied = len(n.applied)
	return out
}

func ifChanged(first bool, now, before uint64) *number {
	if !first && now == before {
		return nil
	}
	out := number(now)
	return &out
}

// logChanges compares the log, from where it can have changed, with what was told of it.
func (n *node) logChanges(out *state, conf func(uint64) *configuration) {
	first, last, from := n.raft.LadderFirst(), n.raft.LadderLast(), n.told.changed
	if unstable := n.raft.LadderUnstable(); unstable <= last && (from == 0 || unstable < from) {
		from = unstable
	}
	if n.told.first == 0 {
		n.told.first, from = n.base+1, n.base+1
	}
	n.told.changed = 0
	if told := n.told.first + uint64(len(n.told.terms)); told > last+1 {
		cut := last + 1
		if cut < n.told.first {
			cut = n.told.first
		}
		n.told.terms = n.told.terms[:cut-n.told.first]
		out.TruncatedFrom = ifChanged(true, cut, 0)
	}
	if first > n.told.first {
		if gone := first - n.told.first; gone < uint64(len(n.told.terms)) {
			n.told.terms = n.told.terms[gone:]
		} else {
			n.told.terms, from = nil, first
		}
		n.told.first, out.FirstIndex = first, ifChanged(true, first, 0)
	}
	if from != 0 && from < first {
		from = first
	}
	if from == 0 || from > last {
		return
	}
	entries, err := n.raft.LadderEntries(from)
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		place := int(e.Index - n.told.first)
		if place < len(n.told.terms) {
			if n.told.terms[place] == e.Term {
				continue
			}
			n.told.terms = n.told.terms[:place]
			if out.TruncatedFrom == nil || uint64(*out.TruncatedFrom) > e.Index {
				out.TruncatedFrom = ifChanged(true, e.Index, 0)
			}
		}
		n.told.terms = append(n.told.terms, e.Term)
		out.Appended = append(out.Appended, shown(e, conf))
	}
}

// whole is everything that the node shows of itself, the fields asked for from their beginning.
func (n *node) whole(want []string, name func(uint64) string) *state {
	asked := map[string]bool{}
	for _, field := range want {
		asked[field] = true
	}
	before := n.told
	n.told = told{}
	out := n.delta(name)
	n.told = before
	if asked["log"] {
		out.TruncatedFrom = ifChanged(true, n.raft.LadderFirst(), 0)
	} else {
		out.Appended, out.FirstIndex = nil, nil
	}
	if !asked["applied"] {
		out.Applied, out.Restored = nil, nil
	}
	return out
}

// configured is the library's configuration for what a trace asks, and its documentation's example
// for what it leaves open.
func configured(id uint64, asked settings) (raft.Config, error) {
	config := raft.Config{
		ID: id, ElectionTick: 10, HeartbeatTick: 1, MaxSizePerMsg: math.MaxUint64,
		MaxCommittedSizePerReady: math.MaxUint64, MaxInflightMsgs: 256,
		DisableProposalForwarding: true,
	}
	for _, option := range []struct {
		asked *int
		into  *int
	}{
		{asked.ElectionTicks, &config.ElectionTick}, {asked.HeartbeatTicks, &config.HeartbeatTick},
		{asked.MaxInflightAppends, &config.MaxInflightMsgs},
	} {
		if option.asked != nil {
			*option.into = *option.asked
		}
	}
	config.PreVote = asked.PreVote != nil && *asked.PreVote
	config.CheckQuorum = asked.CheckQuorum != nil && *asked.CheckQuorum
	if asked.LeaseReads != nil && *asked.LeaseReads {
		config.ReadOnlyOption = raft.ReadOnlyLeaseBased
	}
	if asked.SnapshotChunk != nil {
		return config, &lack{"snapshot.chunks", "the library sends a snapshot as one message"}
	}
	if asked.MaxBytesPerAppend != nil {
		config.MaxSizePerMsg = *asked.MaxBytesPerAppend
	}
	if asked.MaxEntriesPerAppend != nil {
		if *asked.MaxEntriesPerAppend != 1 {
			return config, &lack{"append.limit", "entries are limited by bytes, or to one"}
		}
		config.MaxSizePerMsg = 0 // at most one entry a message
	}
	return config, nil
}

// source is a random source of a node's own, from the trace's seed and its name.
func source(seed, name string) *rand.Rand {
	hash := fnv.New64a()
	hash.Write([]byte(seed + "/" + name))
	return rand.New(rand.NewSource(int64(hash.Sum64())))
}
