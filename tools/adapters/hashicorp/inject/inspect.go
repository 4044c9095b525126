// Added to the package raft when the adapter is built: what its interface does not show.
package raft

// CommittedIndex is the commit index.
func (r *Raft) CommittedIndex() uint64 { return r.getCommitIndex() }

// EndCandidacy lets a candidate's loop end at its next event, as its election timer would.
func (r *Raft) EndCandidacy() { r.setState(Follower) }

// MakeTimersDue does what a leader's heartbeat and commit timers do. Call it only at rest.
func (r *Raft) MakeTimersDue() {
	for _, follower := range r.leaderState.replState {
		asyncNotifyCh(follower.notifyCh)
		asyncNotifyCh(follower.triggerCh)
	}
}

// EndPauses makes the next RPC to each follower go out as if none had been lost before. Call it only
// at rest.
func (r *Raft) EndPauses() {
	for _, follower := range r.leaderState.replState {
		follower.failures = 0
	}
}

// PendingHeartbeats are the followers whose heartbeat is due and not picked up. Call it only when
// the main loop is blocked.
func (r *Raft) PendingHeartbeats() map[ServerID]uint64 {
	pending := map[ServerID]uint64{}
	for id, follower := range r.leaderState.replState {
		if len(follower.notifyCh) > 0 {
			pending[id] = follower.currentTerm
		}
	}
	return pending
}
