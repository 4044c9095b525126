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
	disk   *disk
	status string
	raft   *raft.RawNode // nil when dead
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
	applied []pb.Entry   // all that the state machine was given
	open    []proposal
	outbox  []pb.Message // not told yet, like the fates
	fates   []fate
}

// proposal is a command whose client waits, or was told that nobody knows.
type proposal struct {
	index, term uint64
	data        []byte
	unknown     bool
}

// told is what the suite knows of a node.
type told struct {
	status  string
	known   bool
	basic   raft.BasicStatus
	terms   []uint64 // of the log after the base
	changed uint64   // the first index that may differ from that; 0: none
	applied int
}

func (n *node) start() error {
	n.disk.commit = 0
	n.config.Storage = n.disk
	started, err := raft.NewRawNode(&n.config)
	if err != nil {
		return err
	}
	n.raft, n.status, n.life = started, "running", life{holds: map[string]bool{}}
	n.told = told{changed: n.base + 1}
	n.drain()
	return nil
}

// stop ends a life. Nobody knows any more what became of the commands it took.
func (n *node) stop(status string) {
	n.status, n.raft, n.due = status, nil, nil
	n.leadershipEnded()
}

func (n *node) crash(unsynced string, wipe bool) error {
	err := n.disk.crash(n.writing, unsynced)
	if wipe {
		n.disk, err = newDisk(n.base, n.disk.conf, pb.HardState{}, nil)
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
	return n.holds["sync"] && n.writing.MustSync || n.holds["vote"] && n.disk.votes(n.writing) ||
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
	n.due = append(n.due, ready.CommittedEntries...)
	n.apply()
	n.raft.Advance(*ready)
}

// apply gives the state machine what is due, unless that is held.
func (n *node) apply() {
	if n.holds["apply"] {
		return
	}
	for _, e := range n.due {
		n.applied = append(n.applied, e)
		var left []proposal
		for _, p := range n.open {
			if p.index != e.Index {
				left = append(left, p)
			} else if p.term == e.Term {
				n.fates = append(n.fates, fate{p.data, "committed"})
			} else {
				n.fates = append(n.fates, fate{p.data, "lost"})
			}
		}
		n.open = left
	}
	n.due = nil
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
			n.fates = append(n.fates, fate{n.open[i].data, "unknown"})
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
	n.told.basic, n.told.known = now, true
	n.logChanges(out)
	for _, e := range n.applied[n.told.applied:] {
		out.Applied = append(out.Applied, applied{number(e.Index), shown(e)})
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
func (n *node) logChanges(out *state) {
	last, from := n.raft.LadderLast(), n.told.changed
	if unstable := n.raft.LadderUnstable(); unstable <= last && (from == 0 || unstable < from) {
		from = unstable
	}
	n.told.changed = 0
	if from == 0 || from > last {
		return
	}
	entries, err := n.raft.LadderEntries(from)
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		place := int(e.Index - n.base - 1)
		if place < len(n.told.terms) {
			if n.told.terms[place] == e.Term {
				continue
			}
			n.told.terms = n.told.terms[:place]
			if out.TruncatedFrom == nil {
				cut := number(e.Index)
				out.TruncatedFrom = &cut
			}
		}
		n.told.terms = append(n.told.terms, e.Term)
		out.Appended = append(out.Appended, shown(e))
	}
}

// whole is everything that the node shows of itself, the fields asked for from their beginning.
func (n *node) whole(want []string, name func(uint64) string) *state {
	asked := map[string]bool{}
	for _, field := range want {
		asked[field] = true
	}
	before := n.told
	n.told = told{changed: n.base + 1}
	out := n.delta(name)
	n.told = before
	if asked["log"] {
		out.TruncatedFrom = ifChanged(true, n.base+1, 0)
	} else {
		out.Appended = nil
	}
	if !asked["applied"] {
		out.Applied = nil
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
