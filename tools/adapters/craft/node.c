/* The raft_io and the lives of a node: C-raft's clock, its writes and their faults, its network and
 * its state machine. */
#include "node.h"

#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "wire.h"

/* The clock's start: C-raft measures from time 0, and no time-out may have passed since then. */
enum { clock_start = 1 << 20 };

/* Leaving C-raft in the middle: a process that dies before a write, or a fault inside it. */
enum escape { escape_none, escape_crash, escape_fault };
static sigjmp_buf escape_point;
static struct node *inside;

static void escape_from_signal(int signal) {
  (void)signal;
  if (inside == NULL) _Exit(70);
  siglongjmp(escape_point, escape_fault);
}

void node_prepare_process(void) {
  memory_prepare();
  struct sigaction action = {.sa_handler = escape_from_signal, .sa_flags = SA_NODEFER};
  const int caught[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
  for (size_t i = 0; i < sizeof caught / sizeof *caught; i++) sigaction(caught[i], &action, NULL);
}

/* Writes */

/* What a write meets: 0, or the code of its failure. It may not come back. */
static int fault_meet(struct node *node, enum write_kind kind) {
  int status = 0;
  for (size_t i = 0; i < node->fault_count;) {
    struct fault *fault = &node->faults[i];
    if ((fault->kinds & kind) == 0 || --fault->left > 0) {
      i++;
      continue;
    }
    enum fault_effect effect = fault->effect;
    *fault = node->faults[--node->fault_count];
    if (effect == fault_crash) siglongjmp(escape_point, escape_crash);
    status = effect == fault_io ? RAFT_IOERR : RAFT_NOSPACE;
  }
  return status;
}

static void write_finish(struct node *node, struct write *write) {
  int status = write->fails ? RAFT_IOERR : fault_meet(node, write_append);
  if (status == 0 && !disk_store(&node->disk, write)) status = RAFT_IOERR;
  node->writes = write->next;
  struct raft_io_append *request = write->request;
  free(write);
  request->cb(request, status);
}

void writes_release(struct node *node, const struct write *last, bool fails) {
  for (struct write *write = node->writes; write != NULL; write = write->next) {
    write->held = false;
    write->fails = fails;
    if (write == last) return;
  }
}

/* raft_io */

static int io_init(struct raft_io *io, raft_id id, const char *address) {
  (void)io, (void)id, (void)address;
  return 0;
}

static void io_close(struct raft_io *io, raft_io_close_cb done) {
  if (done != NULL) done(io);
}

static int io_load(struct raft_io *io, raft_term *term, raft_id *voted_for,
                   struct raft_snapshot **snapshot, raft_index *start, struct raft_entry *entries[],
                   size_t *count) {
  struct node *node = io->impl;
  struct raft_append_entries boot = {
      .entries = node->disk.entries,
      .n_entries = (unsigned)node->disk.count,
  };
  copy_entries(&boot, raft_malloc);
  *term = node->disk.term;
  *voted_for = node->disk.voted_for;
  *snapshot = NULL;
  *start = 1;
  *entries = boot.entries;
  *count = boot.n_entries;
  return 0;
}

static int io_start(struct raft_io *io, unsigned milliseconds, raft_io_tick_cb tick,
                    raft_io_recv_cb receive) {
  struct node *node = io->impl;
  (void)milliseconds;
  node->tick = tick;
  node->receive = receive;
  return 0;
}

static int io_bootstrap(struct raft_io *io, const struct raft_configuration *configuration) {
  (void)io, (void)configuration;
  return RAFT_CANTBOOTSTRAP;
}

static int io_set_term(struct raft_io *io, raft_term term) {
  struct node *node = io->impl;
  int status = fault_meet(node, write_vote);
  if (status != 0) return status;
  node->disk.term = term;
  node->disk.voted_for = 0;
  return 0;
}

static int io_set_vote(struct raft_io *io, raft_id id) {
  struct node *node = io->impl;
  int status = fault_meet(node, write_vote);
  if (status == 0) node->disk.voted_for = id;
  return status;
}

static int io_send(struct raft_io *io, struct raft_io_send *request,
                   const struct raft_message *message, raft_io_send_cb done) {
  struct node *node = io->impl;
  json_t *told = letter_send(node, message);
  if (told != NULL) json_array_append_new(node->sent, told);
  request->cb = done;
  struct sent_request *last = allocate(sizeof *last);
  *last = (struct sent_request){.request = request};
  struct sent_request **place = &node->sent_requests;
  while (*place != NULL) place = &(*place)->next;
  *place = last;
  return 0;
}

/* C-raft says what to write and not where: it is what its log ends with. */
static int io_append(struct raft_io *io, struct raft_io_append *request,
                     const struct raft_entry entries[], unsigned count, raft_io_append_cb done) {
  struct node *node = io->impl;
  request->cb = done;
  struct write *last = allocate(sizeof *last);
  *last = (struct write){
      .request = request,
      .first = raft_last_index(&node->raft) - count + 1,
      .entries = entries,
      .count = count,
      .held = node->holds_entries,
  };
  struct write **place = &node->writes;
  while (*place != NULL) place = &(*place)->next;
  *place = last;
  return 0;
}

/* Behind other writes, the cut is part of the append that follows it. */
static int io_truncate(struct raft_io *io, raft_index index) {
  struct node *node = io->impl;
  if (node->writes != NULL || node->holds_entries) return 0;
  int status = fault_meet(node, write_truncate);
  if (status != 0) return status;
  disk_truncate(&node->disk, index);
  node->disk.cut = index;
  return 0;
}

static int io_snapshot_put(struct raft_io *io, unsigned trailing,
                           struct raft_io_snapshot_put *request,
                           const struct raft_snapshot *snapshot, raft_io_snapshot_put_cb done) {
  (void)io, (void)trailing, (void)request, (void)snapshot, (void)done;
  return RAFT_INVALID;
}

static int io_snapshot_get(struct raft_io *io, struct raft_io_snapshot_get *request,
                           raft_io_snapshot_get_cb done) {
  (void)io, (void)request, (void)done;
  return RAFT_NOTFOUND;
}

static raft_time io_time(struct raft_io *io) {
  const struct node *node = io->impl;
  return node->now;
}

/* SplitMix64. Like C-raft's own backend, never `max` itself. */
static int io_random(struct raft_io *io, int min, int max) {
  struct node *node = io->impl;
  uint64_t word = node->random += 0x9e3779b97f4a7c15u;
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
  word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
  return min + (int)((word ^ (word >> 31)) % (uint64_t)(max - min));
}

/* The state machine: tells what it is given. */

static void tell_applied(struct node *node, raft_index index, const struct raft_entry *entry,
                         const struct raft_buffer *buffer) {
  struct raft_entry applied = *entry;
  applied.buf = *buffer;
  json_t *told = entry_to_json(&applied);
  json_object_set_new(told, "index", number_to_json(index));
  json_array_append_new(node->applied, told);
  node->applied_index = index;
}

/* Entries that are not the state machine's are applied inside C-raft, and told of when they are. */
static void tell_applied_inside(struct node *node) {
  while (node->applied_index < node->raft.last_applied) {
    raft_index index = node->applied_index + 1;
    const struct raft_entry *entry = logGet(&node->raft.log, index);
    if (entry == NULL) return;
    tell_applied(node, index, entry, &entry->buf);
  }
}

static int fsm_apply(struct raft_fsm *fsm, const struct raft_buffer *buffer, void **result) {
  struct node *node = fsm->data;
  tell_applied_inside(node);
  raft_index index = node->raft.last_applied + 1;
  tell_applied(node, index, logGet(&node->raft.log, index), buffer);
  *result = NULL;
  return 0;
}

static int fsm_snapshot(struct raft_fsm *fsm, struct raft_buffer *buffers[], unsigned *count) {
  (void)fsm, (void)buffers, (void)count;
  return RAFT_BUSY;
}

static int fsm_restore(struct raft_fsm *fsm, struct raft_buffer *buffer) {
  (void)fsm, (void)buffer;
  return RAFT_INVALID;
}

/* Lives */

static bool complete_one(struct node *node) {
  struct sent_request *sent = node->sent_requests;
  if (sent != NULL) {
    struct raft_io_send *request = sent->request;
    node->sent_requests = sent->next;
    free(sent);
    if (request->cb != NULL) request->cb(request, 0);
    return true;
  }
  if (node->writes == NULL || node->writes->held) return false;
  write_finish(node, node->writes);
  return true;
}

enum outcome node_do(struct node *node, node_action action, void *argument) {
  if (node->status != node_running) return outcome_halted;
  memory_enter(node);
  volatile enum outcome outcome = outcome_done;
  node->disk.cut = 0;
  node->why = NULL;
  inside = node;
  switch (sigsetjmp(escape_point, 0)) {
    case escape_none:
      outcome = action(node, argument);
      while (node->raft.state != RAFT_UNAVAILABLE && complete_one(node)) continue;
      tell_applied_inside(node);
      if (node->raft.state == RAFT_UNAVAILABLE) node->status = node_halted;
      break;
    case escape_crash:
      node_crash(node, false);
      break;
    default:
      node->status = node_halted;
      node->why = "C-raft crashed";
      node->has_crashed_inside = true;
  }
  inside = NULL;
  return node->status == node_running ? outcome : outcome_halted;
}

static void writes_drop(struct node *node) {
  for (struct write *write = node->writes, *next; write != NULL; write = next) {
    next = write->next;
    free(write);
  }
  for (struct sent_request *sent = node->sent_requests, *next; sent != NULL; sent = next) {
    next = sent->next;
    free(sent);
  }
  node->writes = NULL;
  node->sent_requests = NULL;
}

static enum outcome start(struct node *node, void *result) {
  int *error = result;
  struct raft *raft = &node->raft;
  *error = raft_init(raft, &node->io, &node->fsm, node->id, node->name);
  if (*error != 0) return outcome_rejected;
  raft_set_election_timeout(raft, node->election_ticks);
  raft_set_heartbeat_timeout(raft, node->heartbeat_ticks);
  raft_set_pre_vote(raft, node->pre_vote);
  raft_set_snapshot_threshold(raft, UINT32_MAX);
  node->applied_index = 1;
  *error = raft_start(raft);
  return outcome_done;
}

int node_start(struct node *node) {
  writes_drop(node);
  memory_release(node);
  memset(&node->raft, 0, sizeof node->raft);
  node->io = (struct raft_io){
      .version = 1,
      .impl = node,
      .init = io_init,
      .close = io_close,
      .load = io_load,
      .start = io_start,
      .bootstrap = io_bootstrap,
      .recover = io_bootstrap,
      .set_term = io_set_term,
      .set_vote = io_set_vote,
      .send = io_send,
      .append = io_append,
      .truncate = io_truncate,
      .snapshot_put = io_snapshot_put,
      .snapshot_get = io_snapshot_get,
      .time = io_time,
      .random = io_random,
  };
  node->fsm = (struct raft_fsm){
      .version = 1,
      .data = node,
      .apply = fsm_apply,
      .snapshot = fsm_snapshot,
      .restore = fsm_restore,
  };
  node->now = clock_start;
  node->random = node->seed + ++node->lives;
  node->status = node_running;
  node->has_crashed_inside = false;
  node->has_told = false;
  node->told_count = 0;
  int error = 0;
  node_do(node, start, &error);
  return error;
}

void node_crash(struct node *node, bool keeps_unsynced) {
  for (struct write *write = node->writes; keeps_unsynced && write != NULL; write = write->next) {
    disk_store(&node->disk, write);
  }
  writes_drop(node);
  node->holds_entries = false;
  node->fault_count = 0;
  node->status = node_crashed;
}

void node_wipe(struct node *node) {
  disk_truncate(&node->disk, 2);
  node->disk.term = 0;
  node->disk.voted_for = 0;
}

void node_free(struct node *node) {
  writes_drop(node);
  memory_release(node);
  disk_truncate(&node->disk, 1);
  free(node->disk.entries);
  free(node->told_log);
  json_decref(node->sent);
  json_decref(node->applied);
  json_decref(node->results);
  free(node);
}

/* Actions */

/* The first field of a follower's state and of a candidate's. */
static unsigned randomized_timeout(const struct raft *raft) {
  return raft->state == RAFT_FOLLOWER ? raft->follower_state.randomized_election_timeout
                                      : raft->candidate_state.randomized_election_timeout;
}

enum outcome node_nothing(struct node *node, void *unused) {
  (void)node, (void)unused;
  return outcome_done;
}

enum outcome node_timeout(struct node *node, void *unused) {
  (void)unused;
  const struct raft *raft = &node->raft;
  if (raft->state == RAFT_LEADER) return outcome_blocked;
  raft_time due = raft->election_timer_start + randomized_timeout(raft);
  if (node->now < due) node->now = due;
  node->tick(&node->io);
  return outcome_done;
}

/* Without pre-vote, C-raft's time-out is the election itself. */
enum outcome node_campaign(struct node *node, void *unused) {
  struct raft *raft = &node->raft;
  if (raft->state == RAFT_CANDIDATE) raft->candidate_state.in_pre_vote = false;
  raft_set_pre_vote(raft, false);
  enum outcome outcome = node_timeout(node, unused);
  raft_set_pre_vote(raft, node->pre_vote);
  return outcome;
}

/* The heartbeat's time passes, and none of the time in which a leader has to hear from a quorum. */
enum outcome node_beat(struct node *node, void *unused) {
  (void)unused;
  if (node->raft.state != RAFT_LEADER) return outcome_blocked;
  node->now += node->heartbeat_ticks;
  node->raft.election_timer_start += node->heartbeat_ticks;
  node->tick(&node->io);
  return outcome_done;
}

enum outcome node_ticks(struct node *node, void *times) {
  for (long long left = *(const long long *)times; left > 0; left--) {
    if (node->raft.state == RAFT_UNAVAILABLE) break;
    node->now++;
    node->tick(&node->io);
    while (node->raft.state != RAFT_UNAVAILABLE && complete_one(node)) continue;
  }
  return outcome_done;
}

/* A leader that meets another of its term is an assertion of C-raft's. Where that is compiled out,
 * it writes a follower's state over the leader's; the node is stopped before. */
static bool breaks_assertion(const struct raft *raft, const struct raft_message *message) {
  return raft->state == RAFT_LEADER && message->type == RAFT_IO_APPEND_ENTRIES &&
         message->append_entries.term == raft->current_term;
}

enum outcome node_receive(struct node *node, void *received) {
  struct raft_message message = *(const struct raft_message *)received;
  if (breaks_assertion(&node->raft, &message)) {
    node->why = "C-raft asserts that a term has one leader (src/recv_append_entries.c)";
    node->status = node_halted;
    return outcome_halted;
  }
  if (message.type == RAFT_IO_APPEND_ENTRIES) copy_entries(&message.append_entries, raft_malloc);
  node->receive(&node->io, &message);
  return outcome_done;
}

struct proposal {
  struct raft_apply request;
  struct node *node;
  size_t length;
  unsigned char data[];
};

static void proposal_done(struct raft_apply *request, int status, void *result) {
  (void)result;
  struct proposal *proposal = (struct proposal *)request;
  json_t *told = json_object();
  json_object_set_new(told, "data", base64_to_json(proposal->data, proposal->length));
  json_object_set_new(told, "fate", json_string(status == 0 ? "committed" : "unknown"));
  json_array_append_new(proposal->node->results, told);
  raft_free(proposal);
}

enum outcome node_propose(struct node *node, void *data) {
  const struct raft_buffer *asked = data;
  struct proposal *proposal = raft_malloc(sizeof *proposal + asked->len);
  struct raft_buffer buffer = {.base = raft_malloc(asked->len + 1), .len = asked->len};
  memcpy(buffer.base, asked->base, asked->len);
  memcpy(proposal->data, asked->base, asked->len);
  proposal->node = node;
  proposal->length = asked->len;
  int error = raft_apply(&node->raft, &proposal->request, &buffer, 1, proposal_done);
  if (error == 0) return outcome_done;
  raft_free(buffer.base);
  raft_free(proposal);
  node->why = error == RAFT_NOTLEADER ? "not-leader" : raft_strerror(error);
  return outcome_rejected;
}
