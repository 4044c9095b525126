package main

import "github.com/hashicorp/raft"

var header = raft.RPCHeader{ProtocolVersion: raft.ProtocolVersionMax}

// entryOf is an entry of the library as the protocol has it.
func entryOf(log *raft.Log) Entry {
	entry := Entry{Term: log.Term, Data: log.Data}
	switch log.Type {
	case raft.LogCommand:
	case raft.LogConfiguration, raft.LogAddPeerDeprecated, raft.LogRemovePeerDeprecated:
		entry.Kind = "configuration"
	default:
		entry.Kind = "internal"
	}
	if entry.Data == nil {
		entry.Data = []byte{}
	}
	return entry
}

// logOf is an entry of the protocol as the library has it.
func logOf(entry Entry, index uint64) (*raft.Log, error) {
	log := &raft.Log{Index: index, Term: entry.Term, Data: entry.Data}
	switch entry.Kind {
	case "", "command":
		log.Type = raft.LogCommand
	case "internal":
		log.Type = raft.LogNoop
	default:
		return nil, unsupported("config.simple", "an entry of kind '%s' can't be written by hand", entry.Kind)
	}
	return log, nil
}

// requestOf is a request of the protocol as the library has it; nil for a response.
func requestOf(message *Message, from string) (interface{}, error) {
	switch message.Type {
	case "RequestVote":
		return &raft.RequestVoteRequest{
			RPCHeader: header, Term: message.Term, Candidate: []byte(from),
			LastLogIndex: valueOf(message.LastLogIndex), LastLogTerm: valueOf(message.LastLogTerm),
			LeadershipTransfer: message.Disrupt,
		}, nil
	// A heartbeat with a position is what the library sends when its commit timer is due.
	case "AppendEntries", "Heartbeat":
		request := &raft.AppendEntriesRequest{
			RPCHeader: header, Term: message.Term, Leader: []byte(from),
			PrevLogEntry: valueOf(message.PrevLogIndex), PrevLogTerm: valueOf(message.PrevLogTerm),
			LeaderCommitIndex: valueOf(message.LeaderCommit),
		}
		if message.Entries == nil {
			return request, nil
		}
		for offset, entry := range *message.Entries {
			log, err := logOf(entry, request.PrevLogEntry+1+uint64(offset))
			if err != nil {
				return nil, err
			}
			request.Entries = append(request.Entries, log)
		}
		return request, nil
	case "RequestVoteResponse", "AppendEntriesResponse", "HeartbeatResponse":
		return nil, nil
	case "PreVote", "PreVoteResponse":
		return nil, unsupported("pre-vote", "this version has no pre-vote")
	}
	return nil, unsupported("messages", "'%s' can't be written by hand", message.Type)
}

// copyOf is a request with entries of its own, as they would come off a wire.
func copyOf(request interface{}) interface{} {
	appended, ok := request.(*raft.AppendEntriesRequest)
	if !ok {
		return request
	}
	copied := *appended
	copied.Entries = nil
	for _, entry := range appended.Entries {
		log := *entry
		copied.Entries = append(copied.Entries, &log)
	}
	return &copied
}

// messageOf is a request of the library as the protocol has it.
func messageOf(request interface{}) Message {
	switch request := request.(type) {
	case *raft.RequestVoteRequest:
		return Message{
			Type: "RequestVote", Term: request.Term, LastLogIndex: number(request.LastLogIndex),
			LastLogTerm: number(request.LastLogTerm), Disrupt: request.LeadershipTransfer,
		}
	case *raft.AppendEntriesRequest:
		if isHeartbeat(request) {
			return Message{Type: "Heartbeat", Term: request.Term}
		}
		entries := []Entry{}
		for _, log := range request.Entries {
			entries = append(entries, entryOf(log))
		}
		return Message{
			Type: "AppendEntries", Term: request.Term, PrevLogIndex: number(request.PrevLogEntry),
			PrevLogTerm: number(request.PrevLogTerm), Entries: &entries,
			LeaderCommit: number(request.LeaderCommitIndex),
		}
	}
	return Message{Type: "InstallSnapshot"}
}

// responseMessage is a response of the library as the protocol has it. The match index is not on its
// wire: it is what the library's leader takes from its own request.
func responseMessage(request, response interface{}) Message {
	switch response := response.(type) {
	case *raft.RequestVoteResponse:
		return Message{
			Type: "RequestVoteResponse", Term: response.Term, Granted: truth(response.Granted),
		}
	case *raft.AppendEntriesResponse:
		request := request.(*raft.AppendEntriesRequest)
		if isHeartbeat(request) {
			return Message{
				Type: "HeartbeatResponse", Term: response.Term, Success: truth(response.Success),
			}
		}
		message := Message{
			Type: "AppendEntriesResponse", Term: response.Term, Success: truth(response.Success),
		}
		if response.Success {
			message.MatchIndex = number(request.PrevLogEntry + uint64(len(request.Entries)))
		} else {
			message.PrevLogIndex = number(request.PrevLogEntry)
		}
		return message
	}
	return Message{Type: "InstallSnapshotResponse"}
}

// responseFor is the response that a message written by hand gives to a call.
func responseFor(message *Message, c *call) (interface{}, error) {
	switch request := c.request.(type) {
	case *raft.RequestVoteRequest:
		granted := message.Granted != nil && *message.Granted
		return &raft.RequestVoteResponse{RPCHeader: header, Term: message.Term, Granted: granted}, nil
	case *raft.AppendEntriesRequest:
		response := &raft.AppendEntriesResponse{RPCHeader: header, Term: message.Term, Success: true}
		if message.Type == "HeartbeatResponse" {
			return response, nil
		}
		covered := request.PrevLogEntry + uint64(len(request.Entries))
		response.Success = message.Success != nil && *message.Success
		if response.Success && valueOf(message.MatchIndex) < covered {
			return nil, unsupported("responses.unsolicited",
				"a response accepts the whole of its request, here through %d", covered)
		}
		if !response.Success {
			response.NoRetryBackoff = true
			response.LastLog = valueOf(message.PrevLogIndex) - 1
			if message.Hint != nil {
				response.LastLog = message.Hint.Index
			}
		}
		return response, nil
	}
	return nil, unsupported("snapshot", "no snapshot is sent here")
}
