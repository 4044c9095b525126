package main

import (
	"go.etcd.io/etcd/raft"
	pb "go.etcd.io/etcd/raft/raftpb"
)

// disk is what a node finds again after a crash: the library's own storage, filled as a Ready says.
// A commit index alone is written without a sync, as etcd's log does it.
type disk struct {
	*raft.MemoryStorage
	conf   pb.ConfState            // as of the snapshot
	confs  map[uint64]pb.ConfState // what entries, the snapshot's included, have led to
	state  pb.HardState
	commit uint64 // written and not synced
}

func newDisk(start pb.Snapshot, state pb.HardState, log []pb.Entry) (*disk, error) {
	d := &disk{MemoryStorage: raft.NewMemoryStorage(), state: state}
	d.restart(start.Metadata)
	if start.Metadata.Index > 0 {
		if err := d.ApplySnapshot(start); err != nil {
			return nil, err
		}
		d.state.Commit = start.Metadata.Index
	}
	return d, d.Append(log)
}

// InitialState gives the library the configuration to start with, which no snapshot has to carry.
func (d *disk) InitialState() (pb.HardState, pb.ConfState, error) { return d.state, d.conf, nil }

// persist makes durable, as one write, what a Ready asks for.
func (d *disk) persist(ready *raft.Ready) error {
	if !d.syncs(ready) {
		if !raft.IsEmptyHardState(ready.HardState) {
			d.commit = ready.HardState.Commit
		}
		return nil
	}
	d.sync()
	if !raft.IsEmptyHardState(ready.HardState) {
		d.state = ready.HardState
	}
	if !raft.IsEmptySnap(ready.Snapshot) {
		if err := d.ApplySnapshot(ready.Snapshot); err != nil {
			return err
		}
		d.restart(ready.Snapshot.Metadata)
	}
	return d.Append(ready.Entries)
}

// restart makes a snapshot's configuration the one that the log begins with.
func (d *disk) restart(from pb.SnapshotMetadata) {
	d.conf, d.confs = from.ConfState, map[uint64]pb.ConfState{from.Index: from.ConfState}
}

// confBefore is the configuration as of an entry that a snapshot covers.
func (d *disk) confBefore(index uint64) pb.ConfState {
	var at uint64
	for known := range d.confs {
		if known <= index && known > at {
			at = known
		}
	}
	return d.confs[at]
}

// syncs tells whether a Ready has to be durable; of a snapshot the library's own word does not tell.
func (d *disk) syncs(ready *raft.Ready) bool {
	return ready.MustSync || !raft.IsEmptySnap(ready.Snapshot)
}

// sync makes a commit index durable that was written before.
func (d *disk) sync() {
	if d.commit > d.state.Commit {
		d.state.Commit = d.commit
	}
	d.commit = 0
}

// crash leaves of a write that was not finished what `unsynced` says: of a torn one the first half
// of its entries, since etcd's log writes entries first and term and vote behind them.
func (d *disk) crash(unfinished *raft.Ready, unsynced string) error {
	if unsynced == "kept" {
		d.sync()
		if unfinished != nil {
			return d.persist(unfinished)
		}
	}
	d.commit = 0
	if unsynced == "torn" && unfinished != nil {
		return d.Append(unfinished.Entries[:len(unfinished.Entries)/2])
	}
	return nil
}

// plannedFault is one that a coming operation of the storage meets.
type plannedFault struct {
	on, effect string
	left       int
}

// votes tells whether a Ready changes the term or the vote.
func (d *disk) votes(ready *raft.Ready) bool {
	now := ready.HardState
	return !raft.IsEmptyHardState(now) && (now.Term != d.state.Term || now.Vote != d.state.Vote)
}

// meet counts the operations of which a Ready's write consists, and answers what they meet: the
// fault that was planned first, or none. A commit index alone is no write that could matter.
func (d *disk) meet(planned *[]*plannedFault, ready *raft.Ready) (met *plannedFault) {
	var left []*plannedFault
	for _, fault := range *planned {
		if fault.on == "append" && len(ready.Entries) > 0 || fault.on == "vote" && d.votes(ready) ||
			fault.on == "snapshot" && !raft.IsEmptySnap(ready.Snapshot) ||
			(fault.on == "sync" || fault.on == "any-write") && d.syncs(ready) {
			fault.left--
		}
		if fault.left > 0 {
			left = append(left, fault)
		} else if met == nil {
			met = fault
		}
	}
	*planned = left
	return met
}
