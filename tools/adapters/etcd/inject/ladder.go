package raft

import (
	"math/rand"

	pb "go.etcd.io/etcd/raft/raftpb"
)

// The one file that the adapter adds to etcd's package raft, by `go build -overlay`: what of a
// RawNode its API does not show. Nothing of the package itself is changed.

// LadderRandom sets the source from which election time-outs are drawn from now on.
func LadderRandom(source *rand.Rand) { globalRand.rand = source }

// LadderFireElection lets the election timer run out with the next tick, and ticks. It reports
// whether there is such a timer: a leader has none, nor has a server without a vote.
func (rn *RawNode) LadderFireElection() bool {
	r := rn.raft
	if r.state == StateLeader || !r.promotable() {
		return false
	}
	r.electionElapsed = r.randomizedElectionTimeout - 1
	r.tick()
	return true
}

// LadderCampaign stands for election without a timer and without a pre-vote.
func (rn *RawNode) LadderCampaign() (bool, error) {
	r := rn.raft
	if r.state == StateLeader || !r.promotable() {
		return false, nil
	}
	preVote := r.preVote
	r.preVote = false
	err := r.Step(pb.Message{From: r.id, Type: pb.MsgHup})
	r.preVote = preVote
	return true, err
}

// LadderLapse lets the minimum election time-out pass for a server that follows, and pins its own
// randomised one above that.
func (rn *RawNode) LadderLapse() {
	r := rn.raft
	if r.state == StateLeader {
		return
	}
	if r.electionElapsed < r.electionTimeout {
		r.electionElapsed = r.electionTimeout
	}
	if r.randomizedElectionTimeout <= r.electionElapsed {
		r.randomizedElectionTimeout = r.electionElapsed + 1
	}
}

// LadderBeat makes a leader's heartbeat due, without time passing for anything else. It reports
// whether the server leads.
func (rn *RawNode) LadderBeat() (bool, error) {
	r := rn.raft
	if r.state != StateLeader {
		return false, nil
	}
	r.heartbeatElapsed = 0
	return true, r.Step(pb.Message{From: r.id, Type: pb.MsgBeat})
}

// LadderFirst is the index of the first entry that the log still holds.
func (rn *RawNode) LadderFirst() uint64 { return rn.raft.raftLog.firstIndex() }

// LadderLast is the index of the last entry, written or not.
func (rn *RawNode) LadderLast() uint64 { return rn.raft.raftLog.lastIndex() }

// LadderUnstable is the first index of which the storage was not reported to hold the entry.
func (rn *RawNode) LadderUnstable() uint64 { return rn.raft.raftLog.unstable.offset }

// LadderEntries are the entries from an index on, written or not.
func (rn *RawNode) LadderEntries(from uint64) ([]pb.Entry, error) {
	return rn.raft.raftLog.entries(from, noLimit)
}
