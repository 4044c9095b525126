// The adapter of hashicorp/raft for the conformance suite: answers the adapter protocol on standard
// input and output.
//
// Each node is a whole raft.Raft whose timers never fire by themselves. Every RPC is captured and
// its goroutine stays blocked until the suite delivers an answer or loses the message. An election
// starts with a TimeoutNow RPC. After each operation the adapter waits until no goroutine can move.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
)

var capabilities = []string{
	"messages", "timeout", "election", "campaign", "heartbeat.beat", "propose", "results", "log.read",
	"votedFor.read", "ledger.read", "append.limit", "crash", "disk.wipe", "links.duplicate",
	"links.reorder",
}

var wire = map[string][]string{"Heartbeat": {"term"}, "HeartbeatResponse": {"term", "success"}}

// version is set when the adapter is built.
var version = "unknown"

// A flight is a message on its way: a request, or the response to a call.
type flight struct {
	from, to string
	request  interface{}
	response interface{}
	call     *call
}

type adapter struct {
	watch   watch
	servers map[string]*server
	flights map[uint64]flight
	handles uint64
	// What the operation has sent so far.
	outbox []Sent
}

func (a *adapter) clear() {
	for _, server := range a.servers {
		if server.raft != nil {
			server.stop()
		}
	}
	a.servers, a.flights, a.handles = map[string]*server{}, map[uint64]flight{}, 0
	a.outbox = nil
}

func (a *adapter) perform(request *Request) (*Result, error) {
	switch request.Op {
	case "hello":
		return hello(request)
	case "begin", "end", "bye":
		a.clear()
		return &Result{}, nil
	case "create":
		return a.create(request)
	case "deliver":
		return a.deliver(request.Handle)
	case "drop":
		return a.drop(request.Handle)
	case "duplicate":
		return a.duplicate(request.Handle)
	}
	server, known := a.servers[request.Node]
	if request.Node != "" && !known {
		return nil, fmt.Errorf("there is no node '%s' in this trace", request.Node)
	}
	switch request.Op {
	case "restart", "crash", "timeout", "campaign", "beat", "receive", "propose", "state":
		if !known {
			return nil, fmt.Errorf("'%s' needs a node", request.Op)
		}
		if request.Op == "restart" {
			return a.restart(server)
		}
		if server.raft == nil {
			return &Result{Node: server.name, Outcome: "halted"}, nil
		}
		return a.move(server, request)
	}
	return nil, unsupported(featureOf(request), "hashicorp/raft is not driven by '%s'", request.Op)
}

// featureOf names the capability of an operation that is refused.
func featureOf(request *Request) string {
	switch request.Op {
	case "tick":
		return "clock"
	case "hold", "release":
		if request.What == "apply" {
			return "apply.hold"
		}
		return "storage.async." + request.What
	case "storageFault":
		return "storage.fault"
	}
	return request.Op
}

func hello(request *Request) (*Result, error) {
	for _, protocol := range request.Protocols {
		if protocol == 1 {
			return &Result{
				Protocol: 1, Capabilities: capabilities, Window: 64, Wire: wire,
				Implementation: map[string]string{
					"name": "hashicorp/raft", "version": version, "language": "go",
					"homepage": "https://github.com/hashicorp/raft",
				},
			}, nil
		}
	}
	return nil, fmt.Errorf("this adapter speaks protocol 1")
}

func (a *adapter) create(request *Request) (*Result, error) {
	if a.servers[request.Node] != nil {
		return nil, fmt.Errorf("there is a node '%s' already", request.Node)
	}
	for capability, asked := range map[string]bool{
		"pre-vote": request.Config.PreVote, "check-quorum": request.Config.CheckQuorum,
		"append.limit-bytes": request.Config.MaxBytesPerAppend > 0,
		"inflight.limit":     request.Config.MaxInflightAppends > 0,
	} {
		if asked {
			return nil, unsupported(capability, "hashicorp/raft has no such setting")
		}
	}
	server := &server{name: request.Node, voters: request.Voters, settings: request.Config}
	if err := server.format(); err != nil {
		return nil, err
	}
	if err := server.write(request.HardState.Term, request.HardState.VotedFor, request.Log); err != nil {
		return nil, err
	}
	if err := server.start(); err != nil {
		return nil, err
	}
	a.servers[server.name] = server
	result := a.report(server)
	result.Base = &base
	return result, nil
}

func (a *adapter) restart(server *server) (*Result, error) {
	if server.raft != nil {
		return &Result{Node: server.name, Outcome: "rejected", Why: "running"}, nil
	}
	if err := server.start(); err != nil {
		return nil, err
	}
	return a.report(server), nil
}

func (a *adapter) crash(server *server, request *Request) (*Result, error) {
	if request.Unsynced == "torn" {
		return nil, unsupported("crash.torn", "the store in memory writes whole entries")
	}
	server.stop()
	if request.Wipe {
		if err := server.format(); err != nil {
			return nil, err
		}
	}
	return &Result{Node: server.name, State: State{"status": "crashed"}}, nil
}

// move lets one node that runs act.
func (a *adapter) move(server *server, request *Request) (*Result, error) {
	leads := server.state()["role"] == "leader"
	switch request.Op {
	case "crash":
		return a.crash(server, request)
	case "state":
		return a.show(server, request), nil
	case "timeout", "campaign":
		if leads {
			return &Result{Node: server.name, Outcome: "blocked"}, nil
		}
		if err := server.standForElection(); err != nil {
			return nil, err
		}
	case "beat":
		if !leads {
			return &Result{Node: server.name, Outcome: "blocked"}, nil
		}
		// By the time the next heartbeat is due, one that got no answer has timed out.
		server.transport.fail(func(c *call) bool { return c.kind() == "Heartbeat" })
		a.rest()
		server.raft.MakeTimersDue()
	case "receive":
		if err := a.receive(server, request); err != nil {
			return nil, err
		}
	case "propose":
		made := server.propose(request.Data)
		result := a.report(server)
		if !leads && made.decided {
			result.Outcome, result.Why, result.Results = "rejected", "not-leader", nil
		}
		return result, nil
	}
	return a.report(server), nil
}

// receive hands over a message written by hand: a request, or the response to a call.
func (a *adapter) receive(server *server, request *Request) error {
	if request.Message == nil {
		return fmt.Errorf("'receive' needs a message")
	}
	asked, err := requestOf(request.Message, request.From)
	if err != nil {
		return err
	}
	if asked != nil {
		return a.ask(server, request.From, asked, nil)
	}
	kind := map[string]string{
		"RequestVoteResponse": "RequestVote", "AppendEntriesResponse": "AppendEntries",
		"HeartbeatResponse": "Heartbeat",
	}[request.Message.Type]
	call := server.transport.pending(kind, request.From, request.Message.Term)
	if call == nil {
		return unsupported("responses.unsolicited",
			"no %s of %s to %s waits for a response", kind, server.name, request.From)
	}
	response, err := responseFor(request.Message, call)
	if err != nil {
		return err
	}
	a.answer(server, call, response)
	return nil
}

// ask hands a request to a node; its response goes on its way.
func (a *adapter) ask(server *server, from string, request interface{}, made *call) error {
	response, err := server.ask(request)
	if err != nil {
		return err
	}
	a.send(flight{
		from: server.name, to: from, request: request, response: response, call: made,
	}, responseMessage(request, response))
	return nil
}

// send puts a message on its way.
func (a *adapter) send(message flight, shown Message) {
	a.handles++
	a.flights[a.handles] = message
	a.outbox = append(a.outbox, Sent{Handle: a.handles, To: message.to, Message: shown})
}

// answer ends a call with a response; false if it is over already.
func (a *adapter) answer(server *server, call *call, response interface{}) bool {
	if server.raft == nil || !server.transport.finish(call) {
		return false
	}
	call.answer(response)
	call.done <- nil
	return true
}

func (a *adapter) deliver(handle uint64) (*Result, error) {
	message, known := a.flights[handle]
	server := a.servers[message.to]
	delete(a.flights, handle)
	if !known || server == nil || server.raft == nil {
		return &Result{Outcome: "void"}, nil
	}
	if message.response == nil {
		if err := a.ask(server, message.from, copyOf(message.request), message.call); err != nil {
			return nil, err
		}
	} else if message.call == nil || !a.answer(server, message.call, message.response) {
		return &Result{Node: server.name, Outcome: "void"}, nil
	}
	return a.report(server), nil
}

// duplicate puts a message on its way a second time. Nobody waits for the response to a request that
// its sender made once.
func (a *adapter) duplicate(handle uint64) (*Result, error) {
	message, known := a.flights[handle]
	if !known {
		return &Result{Outcome: "void"}, nil
	}
	if message.response == nil {
		message.call = nil
	}
	a.handles++
	a.flights[a.handles] = message
	return &Result{Handle: a.handles}, nil
}

// drop loses a message. Its call ends with an error, as when a connection breaks.
func (a *adapter) drop(handle uint64) (*Result, error) {
	message, known := a.flights[handle]
	if !known {
		return &Result{Outcome: "void"}, nil
	}
	delete(a.flights, handle)
	if message.call != nil && !a.carries(message.call) {
		if sender := a.servers[message.call.from]; sender.raft != nil {
			sender.transport.fail(func(c *call) bool { return c == message.call })
			a.rest()
		}
	}
	return &Result{}, nil
}

// carries tells whether a message on its way can still lead to an answer of the call.
func (a *adapter) carries(call *call) bool {
	for _, message := range a.flights {
		if message.call == call {
			return true
		}
	}
	return false
}

func (a *adapter) show(server *server, request *Request) *Result {
	server.delta()
	state := State{}
	for key, value := range server.shownState {
		state[key] = value
	}
	for _, field := range request.Want {
		switch field {
		case "log":
			state["truncatedFrom"], state["appended"] = base.Index+1, server.shownLog
		case "applied":
			state["applied"] = server.allApplied
		}
	}
	return &Result{Node: server.name, State: state}
}

// rest waits until nothing can move. The library makes its pause longer with each RPC that is lost,
// in real time; here that time has passed by the next operation.
func (a *adapter) rest() {
	a.watch.rest(a.servers)
	for _, server := range a.servers {
		if server.raft != nil {
			server.raft.EndPauses()
		}
	}
}

// report waits until all is at rest, and tells what came of the operation.
func (a *adapter) report(server *server) *Result {
	a.rest()
	for _, call := range inOrder(server.transport.takeFresh()) {
		a.send(flight{from: call.from, to: call.to, request: call.request, call: call},
			messageOf(call.request))
	}
	sent := a.outbox
	a.outbox = nil
	return &Result{Node: server.name, Sent: sent, State: server.delta(), Results: server.fates()}
}

// inOrder sorts the calls of one operation, which goroutines made side by side.
func inOrder(calls []*call) []*call {
	sort.SliceStable(calls, func(a, b int) bool {
		if calls[a].to != calls[b].to {
			return calls[a].to < calls[b].to
		}
		return calls[a].kind() < calls[b].kind()
	})
	return calls
}

func (a *adapter) answerLine(line []byte) (answer Answer) {
	var request Request
	answer.ID = "0"
	defer func() {
		if fault := recover(); fault != nil {
			answer.OK = nil
			answer.Error = &Fault{Message: fmt.Sprint(fault), Detail: string(debug.Stack())}
		}
	}()
	err := json.Unmarshal(line, &request)
	if request.ID != "" {
		answer.ID = request.ID
	}
	if err != nil {
		answer.Error = &Fault{Message: "the request can't be read: " + err.Error()}
		return answer
	}
	result, err := a.perform(&request)
	switch refusal, refused := err.(*Refusal); {
	case err == nil:
		answer.OK = result
	case refused:
		answer.Unsupported = refusal
	default:
		answer.Error = &Fault{Message: err.Error()}
	}
	return answer
}

func main() {
	// One goroutine at a time: the library's own races (a new leader's first send may come before or
	// after its first entry) then go the same way in every run.
	runtime.GOMAXPROCS(1)
	input := bufio.NewReaderSize(os.Stdin, 1<<16)
	output := json.NewEncoder(os.Stdout)
	a := &adapter{watch: watch{buffer: make([]byte, 1<<16)}}
	a.clear()
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		if err := output.Encode(a.answerLine(line)); err != nil {
			return
		}
	}
}
