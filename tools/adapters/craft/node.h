/* One server of a trace through all its lives: C-raft, with a raft_io whose time, random numbers,
 * disk, network and completions are this adapter's. */
#ifndef NODE_H
#define NODE_H

#include <jansson.h>
#include <raft.h>
#include <stdbool.h>
#include <stdint.h>

enum node_status { node_running, node_crashed, node_halted };

/* What became of an operation, in the words of the protocol. */
enum outcome { outcome_done, outcome_rejected, outcome_blocked, outcome_void, outcome_halted };

/* The writes that a planned fault can meet, as bits. Each is synced by itself. */
enum write_kind { write_append = 1, write_vote = 2, write_truncate = 4 };

enum fault_effect { fault_io, fault_full, fault_crash };

struct fault {
  int kinds;
  long long left; /* How many of these writes are left, the one that meets it included. */
  enum fault_effect effect;
};

/* What a crash leaves. */
struct disk {
  raft_term term;
  raft_id voted_for;
  struct raft_entry *entries; /* From index 1 on; the first is the bootstrap configuration. */
  size_t count, capacity;
  raft_index cut; /* Where the operation cut the log before it died, or 0. */
};

/* An append that C-raft was not told of as durable. */
struct write {
  struct write *next;
  struct raft_io_append *request;
  raft_index first;
  const struct raft_entry *entries;
  unsigned count;
  bool held, fails;
};

struct sent_request {
  struct sent_request *next;
  struct raft_io_send *request;
};

/* A block of C-raft's memory: a life's blocks are in a ring, and freed with it. */
struct block {
  struct block *previous, *next;
  size_t size;
  long double aligned[];
};

/* An entry of the log as it was last told of. */
struct told_entry {
  raft_term term;
  const void *data;
};

struct node {
  struct node *next;
  const char *name;
  raft_id id;
  enum node_status status;
  bool has_crashed_inside; /* C-raft would have taken the process with it. */
  const char *why; /* Why the last operation was rejected, or what stopped the node. */
  uint64_t seed, lives, random;

  struct raft raft;
  struct raft_io io;
  struct raft_fsm fsm;
  raft_io_tick_cb tick;
  raft_io_recv_cb receive;
  raft_time now;
  unsigned election_ticks, heartbeat_ticks;
  bool pre_vote;
  struct block memory;

  struct disk disk;
  bool holds_entries;
  struct fault faults[16];
  size_t fault_count;
  struct write *writes;
  struct sent_request *sent_requests;

  /* What the next answer tells, and what was told. */
  json_t *sent, *applied, *results;
  raft_index applied_index;
  struct told_entry *told_log;
  size_t told_count, told_capacity;
  struct told_state {
    enum node_status status;
    const char *role;
    raft_term term;
    raft_id voted_for, leader;
    raft_index commit_index;
  } told;
  bool has_told;
};

/* Something that a node is to do inside C-raft. */
typedef enum outcome (*node_action)(struct node *node, void *argument);

/* Has a running node do something and all that follows from it while time stands still: sends and
 * writes are completed until nothing is left. */
enum outcome node_do(struct node *node, node_action action, void *argument);

/* Starts a life from the disk. Returns a code of C-raft's, 0 on success. */
int node_start(struct node *node);

/* Ends a life. */
void node_crash(struct node *node, bool keeps_unsynced);

/* Forgets all: a new disk with the configuration that the server was created with. */
void node_wipe(struct node *node);

void node_free(struct node *node);

/* Puts an entry behind those on the disk. */
void disk_append(struct disk *disk, const struct raft_entry *entry);

/* Takes the entries from an index on off the disk. */
void disk_truncate(struct disk *disk, raft_index index);

/* Carries a write out. Returns false where a write before it failed and left a gap. */
bool disk_store(struct disk *disk, const struct write *write);

/* Completes held writes, oldest first, up to and including `last`, by flagging them: the next drain
 * carries them out. */
void writes_release(struct node *node, const struct write *last, bool fails);

/* Copies a request's entries into one array and one batch, as C-raft wants to receive them. */
void copy_entries(struct raft_append_entries *append, void *(*allocate_block)(size_t));

/* C-raft's memory belongs to this node's life from now on. */
void memory_enter(struct node *node);

/* Frees what C-raft holds for this node. */
void memory_release(struct node *node);

/* Has C-raft take its memory here. */
void memory_prepare(void);

/* Catches what would end the process, and lets C-raft take its memory from the nodes. */
void node_prepare_process(void);

/* The node's actions. */
enum outcome node_timeout(struct node *node, void *unused);
enum outcome node_campaign(struct node *node, void *unused);
enum outcome node_beat(struct node *node, void *unused);
enum outcome node_ticks(struct node *node, void *times);
enum outcome node_receive(struct node *node, void *message);
enum outcome node_propose(struct node *node, void *buffer);
enum outcome node_nothing(struct node *node, void *unused);

/* Inside C-raft's library, and not in its header. */
raft_term logTermOf(struct raft_log *log, raft_index index);
const struct raft_entry *logGet(struct raft_log *log, raft_index index);

#endif
