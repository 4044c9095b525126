/* A raft_io for C-raft that does what the Swift driver does: bytes are copied into a message when
 * it is sent and into the receiver's slab when it is stored, and every write completes in the turn
 * that follows. What C-raft's interface demands beyond that (blocks that change hands) is its own
 * cost. */
#include "craft_cluster.h"

#include <raft.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
  slab_entries = 1 << 14,
  queue_capacity = 1 << 10,
  payload_words = craft_payload / 8,
  /* Entries kept in memory before C-raft compacts its log, as the slab's size bounds the log. */
  snapshot_threshold = 8192,
  heartbeat_milliseconds = 100,
  election_milliseconds = 1000,
};

enum event_kind { event_send, event_append, event_snapshot };

struct event {
  enum event_kind kind;
  int server;
  void *request;
  struct raft_message message;
};

struct server {
  struct raft raft;
  struct raft_io io;
  struct raft_fsm fsm;
  struct craft_cluster *cluster;
  int number;
  raft_io_tick_cb tick;
  raft_io_recv_cb receive;
  raft_time now;
  raft_term term;
  raft_id voted_for;
  raft_index last_stored;
  uint64_t applied;
  uint64_t checksum;
  uint64_t (*slab)[payload_words];
};

struct craft_cluster {
  struct server servers[craft_servers];
  struct event queue[queue_capacity];
  unsigned head, tail;
  uint64_t calls;
  struct raft_apply requests[64];
  unsigned next_request;
};

static const char *const addresses[craft_servers] = {"1", "2", "3"};

static struct event *enqueue(struct craft_cluster *cluster, enum event_kind kind, int server,
                             void *request) {
  struct event *event = &cluster->queue[cluster->tail++ % queue_capacity];
  if (cluster->tail - cluster->head > queue_capacity) abort();
  event->kind = kind;
  event->server = server;
  event->request = request;
  return event;
}

/* Storage and network */

static int io_init(struct raft_io *io, raft_id id, const char *address) {
  (void)io, (void)id, (void)address;
  return 0;
}

static void io_close(struct raft_io *io, raft_io_close_cb done) {
  if (done != NULL) done(io);
}

/* Every server boots with the cluster's configuration as its first entry. */
static int io_load(struct raft_io *io, raft_term *term, raft_id *voted_for,
                   struct raft_snapshot **snapshot, raft_index *start, struct raft_entry *entries[],
                   size_t *count) {
  struct server *server = io->impl;
  struct raft_configuration configuration;
  raft_configuration_init(&configuration);
  for (int i = 0; i < craft_servers; i++) {
    int error = raft_configuration_add(&configuration, (raft_id)i + 1, addresses[i], RAFT_VOTER);
    if (error != 0) return error;
  }
  struct raft_entry *entry = raft_malloc(sizeof *entry);
  if (entry == NULL) return RAFT_NOMEM;
  int error = raft_configuration_encode(&configuration, &entry->buf);
  raft_configuration_close(&configuration);
  if (error != 0) return error;
  entry->term = 1;
  entry->type = RAFT_CHANGE;
  entry->batch = entry->buf.base;
  server->last_stored = 1;
  *term = server->term;
  *voted_for = 0;
  *snapshot = NULL;
  *start = 1;
  *entries = entry;
  *count = 1;
  return 0;
}

static int io_start(struct raft_io *io, unsigned milliseconds, raft_io_tick_cb tick,
                    raft_io_recv_cb receive) {
  struct server *server = io->impl;
  (void)milliseconds;
  server->tick = tick;
  server->receive = receive;
  return 0;
}

static int io_bootstrap(struct raft_io *io, const struct raft_configuration *configuration) {
  (void)io, (void)configuration;
  return RAFT_INVALID;
}

static int io_set_term(struct raft_io *io, raft_term term) {
  struct server *server = io->impl;
  server->term = term;
  server->voted_for = 0;
  return 0;
}

static int io_set_vote(struct raft_io *io, raft_id id) {
  struct server *server = io->impl;
  server->voted_for = id;
  return 0;
}

/* Copies the entries of an AppendEntries, as a network would; the receiver owns the copy. */
static int copy_entries(struct raft_append_entries *append) {
  if (append->n_entries == 0) {
    append->entries = NULL;
    return 0;
  }
  size_t bytes = 0;
  for (unsigned i = 0; i < append->n_entries; i++) bytes += append->entries[i].buf.len;
  struct raft_entry *copies = raft_malloc(append->n_entries * sizeof *copies);
  char *batch = raft_malloc(bytes == 0 ? 1 : bytes);
  if (copies == NULL || batch == NULL) return RAFT_NOMEM;
  char *next = batch;
  for (unsigned i = 0; i < append->n_entries; i++) {
    const struct raft_entry *entry = &append->entries[i];
    copies[i] = *entry;
    copies[i].buf.base = next;
    copies[i].batch = batch;
    memcpy(next, entry->buf.base, entry->buf.len);
    next += entry->buf.len;
  }
  append->entries = copies;
  return 0;
}

static int io_send(struct raft_io *io, struct raft_io_send *request,
                   const struct raft_message *message, raft_io_send_cb done) {
  struct server *server = io->impl;
  request->cb = done;
  struct event *event = enqueue(server->cluster, event_send, server->number, request);
  event->message = *message;
  if (message->type == RAFT_IO_APPEND_ENTRIES) return copy_entries(&event->message.append_entries);
  return 0;
}

static int io_append(struct raft_io *io, struct raft_io_append *request,
                     const struct raft_entry entries[], unsigned count, raft_io_append_cb done) {
  struct server *server = io->impl;
  for (unsigned i = 0; i < count; i++) {
    uint64_t *slot = server->slab[++server->last_stored % slab_entries];
    size_t length = entries[i].buf.len;
    if (entries[i].type == RAFT_COMMAND) memcpy(slot, entries[i].buf.base, length);
  }
  request->cb = done;
  enqueue(server->cluster, event_append, server->number, request);
  return 0;
}

static int io_truncate(struct raft_io *io, raft_index index) {
  struct server *server = io->impl;
  server->last_stored = index - 1;
  return 0;
}

static int io_snapshot_put(struct raft_io *io, unsigned trailing,
                           struct raft_io_snapshot_put *request,
                           const struct raft_snapshot *snapshot, raft_io_snapshot_put_cb done) {
  struct server *server = io->impl;
  (void)trailing, (void)snapshot;
  request->cb = done;
  enqueue(server->cluster, event_snapshot, server->number, request);
  return 0;
}

static int io_snapshot_get(struct raft_io *io, struct raft_io_snapshot_get *request,
                           raft_io_snapshot_get_cb done) {
  (void)io, (void)request, (void)done;
  return RAFT_NOTFOUND;
}

static raft_time io_time(struct raft_io *io) {
  struct server *server = io->impl;
  return server->now;
}

static int io_random(struct raft_io *io, int min, int max) {
  (void)io, (void)max;
  return min;
}

/* The state machine: counts, and keeps a checksum. */

static int fsm_apply(struct raft_fsm *fsm, const struct raft_buffer *buffer, void **result) {
  struct server *server = fsm->data;
  const uint64_t *words = buffer->base;
  uint64_t folded = 0;
  for (int i = 0; i < payload_words; i++) folded ^= words[i];
  server->checksum = server->checksum * 0x100000001b3u + folded;
  server->applied++;
  *result = NULL;
  return 0;
}

static int fsm_snapshot(struct raft_fsm *fsm, struct raft_buffer *buffers[], unsigned *count) {
  struct server *server = fsm->data;
  struct raft_buffer *buffer = raft_malloc(sizeof *buffer);
  if (buffer == NULL) return RAFT_NOMEM;
  buffer->len = sizeof server->checksum;
  buffer->base = raft_malloc(buffer->len);
  if (buffer->base == NULL) return RAFT_NOMEM;
  memcpy(buffer->base, &server->checksum, buffer->len);
  *buffers = buffer;
  *count = 1;
  return 0;
}

static int fsm_restore(struct raft_fsm *fsm, struct raft_buffer *buffer) {
  (void)fsm, (void)buffer;
  return RAFT_INVALID;
}

/* Driving */

static void deliver(struct craft_cluster *cluster, struct event *event) {
  struct raft_message message = event->message;
  struct raft_io_send *request = event->request;
  struct server *receiver = &cluster->servers[message.server_id - 1];
  message.server_id = (raft_id)event->server + 1;
  message.server_address = addresses[event->server];
  cluster->calls += 2;
  request->cb(request, 0);
  receiver->receive(&receiver->io, &message);
}

static void run(struct craft_cluster *cluster) {
  while (cluster->head != cluster->tail) {
    struct event event = cluster->queue[cluster->head++ % queue_capacity];
    switch (event.kind) {
      case event_send:
        deliver(cluster, &event);
        break;
      case event_append: {
        struct raft_io_append *request = event.request;
        cluster->calls++;
        request->cb(request, 0);
        break;
      }
      case event_snapshot: {
        struct raft_io_snapshot_put *request = event.request;
        cluster->calls++;
        request->cb(request, 0);
        break;
      }
    }
  }
}

static int start_server(struct craft_cluster *cluster, int number) {
  struct server *server = &cluster->servers[number];
  server->cluster = cluster;
  server->number = number;
  server->term = 1;
  server->slab = calloc(slab_entries, sizeof *server->slab);
  if (server->slab == NULL) return RAFT_NOMEM;
  server->io = (struct raft_io){
      .version = 1,
      .impl = server,
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
  server->fsm = (struct raft_fsm){
      .version = 1,
      .data = server,
      .apply = fsm_apply,
      .snapshot = fsm_snapshot,
      .restore = fsm_restore,
  };
  struct raft *raft = &server->raft;
  int error = raft_init(raft, &server->io, &server->fsm, (raft_id)number + 1, addresses[number]);
  if (error != 0) return error;
  raft_set_election_timeout(raft, election_milliseconds);
  raft_set_heartbeat_timeout(raft, heartbeat_milliseconds);
  raft_set_snapshot_threshold(raft, snapshot_threshold);
  return raft_start(raft);
}

struct craft_cluster *craft_cluster_start(void) {
  struct craft_cluster *cluster = calloc(1, sizeof *cluster);
  if (cluster == NULL) return NULL;
  for (int i = 0; i < craft_servers; i++) {
    if (start_server(cluster, i) != 0) return NULL;
  }
  struct server *first = &cluster->servers[0];
  first->now += 2 * election_milliseconds;
  first->tick(&first->io);
  run(cluster);
  return raft_state(&first->raft) == RAFT_LEADER ? cluster : NULL;
}

static void proposal_done(struct raft_apply *request, int status, void *result) {
  (void)request, (void)result;
  if (status != 0) abort();
}

int craft_cluster_propose(struct craft_cluster *cluster, uint64_t first, unsigned count) {
  struct raft_buffer buffers[64];
  if (count > 64) return RAFT_TOOBIG;
  for (unsigned i = 0; i < count; i++) {
    uint64_t *words = raft_malloc(craft_payload);
    if (words == NULL) return RAFT_NOMEM;
    for (uint64_t word = 0; word < payload_words; word++) words[word] = (first + i) * (2 * word + 1);
    buffers[i].base = words;
    buffers[i].len = craft_payload;
  }
  struct raft_apply *request = &cluster->requests[cluster->next_request++ % 64];
  cluster->calls++;
  int error = raft_apply(&cluster->servers[0].raft, request, buffers, count, proposal_done);
  if (error == 0) run(cluster);
  return error;
}

void craft_cluster_heartbeat(struct craft_cluster *cluster) {
  struct server *first = &cluster->servers[0];
  first->now += heartbeat_milliseconds;
  first->tick(&first->io);
  run(cluster);
}

uint64_t craft_cluster_applied(const struct craft_cluster *cluster, int server) {
  return cluster->servers[server].applied;
}

uint64_t craft_cluster_checksum(const struct craft_cluster *cluster, int server) {
  return cluster->servers[server].checksum;
}

uint64_t craft_cluster_calls(const struct craft_cluster *cluster) { return cluster->calls; }
