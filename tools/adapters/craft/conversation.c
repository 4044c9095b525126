/* The conversation: a request a line on standard input, an answer a line on standard output. */
#include "conversation.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "node.h"
#include "wire.h"

/* The trace */

static uint64_t trace_seed;
static struct node *nodes;

static jmp_buf refusal;
static char refusal_text[512];

_Noreturn void refuse(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(refusal_text, sizeof refusal_text, format, arguments);
  va_end(arguments);
  longjmp(refusal, 1);
}

static struct node *node_find(const char *name) {
  for (struct node *node = nodes; node != NULL; node = node->next) {
    if (strcmp(node->name, name) == 0) return node;
  }
  return NULL;
}

static struct node *node_named(json_t *request) {
  const char *name = text_field(request, "node");
  struct node *node = node_find(name);
  if (node == NULL) refuse("there is no node '%s' in this trace; create it first", name);
  return node;
}

static void trace_reset(uint64_t seed) {
  while (nodes != NULL) {
    struct node *node = nodes;
    nodes = node->next;
    node_free(node);
  }
  wire_reset();
  trace_seed = seed;
}

/* Answers */

static json_t *unsupported(const char *capability, const char *reason) {
  return json_pack("{s:{s:s,s:s}}", "unsupported", "capability", capability, "reason", reason);
}

static json_t *done(void) { return json_pack("{s:{}}", "ok"); }

static json_t *operate(struct node *node, node_action action, void *argument) {
  if (node->status != node_running) {
    return json_pack("{s:{s:s,s:s}}", "ok", "outcome", "halted", "node", node->name);
  }
  enum outcome outcome = node_do(node, action, argument);
  if (node->has_crashed_inside) return json_pack("{s:{s:s}}", "error", "message", node->why);
  if (node->status == node_halted && node->why != NULL) fprintf(stderr, "%s\n", node->why);
  return answer(node, outcome);
}

/* Requests */

static json_t *on_hello(json_t *request) {
  json_t *protocols = field(request, "protocols"), *protocol;
  size_t place;
  bool spoken = false;
  json_array_foreach(protocols, place, protocol) spoken |= json_integer_value(protocol) == 1;
  if (!spoken) refuse("of these protocols none is spoken here; 1 is");
  static const char *const capabilities[] = {CAPABILITIES};
  json_t *names = json_array();
  for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++) {
    json_array_append_new(names, json_string(capabilities[i]));
  }
  return json_pack("{s:{s:i,s:{s:s,s:s,s:s,s:s},s:o,s:i}}", "ok", "protocol", 1, "implementation",
                   "name", "C-raft", "version", CRAFT_VERSION, "language", "c", "homepage",
                   "https://github.com/canonical/raft", "capabilities", names, "window", window);
}

static json_t *on_begin(json_t *request) {
  trace_reset(strtoull(text_field(request, "seed"), NULL, 16));
  return done();
}

static json_t *on_end(json_t *request) {
  (void)request;
  trace_reset(0);
  return done();
}

static int compare_names(const void *left, const void *right) {
  const char *a = *(const char *const *)left, *b = *(const char *const *)right;
  size_t first = strlen(a), second = strlen(b);
  return first != second ? (first < second ? -1 : 1) : strcmp(a, b);
}

/* The names of the voters in order, in a block that the caller frees. */
static const char **sorted_names(json_t *voters, size_t *count) {
  json_t *name;
  size_t place;
  *count = json_array_size(voters);
  if (*count == 0) refuse("'voters' names no server");
  json_array_foreach(voters, place, name) {
    if (!json_is_string(name)) refuse("'voters' must be names");
  }
  const char **names = allocate(*count * sizeof *names);
  json_array_foreach(voters, place, name) names[place] = json_string_value(name);
  qsort(names, *count, sizeof *names, compare_names);
  return names;
}

/* The first entry of every log of C-raft: the configuration that the cluster was started with. */
static void bootstrap(struct node *node, json_t *voters) {
  size_t count;
  const char **names = sorted_names(voters, &count);
  struct raft_configuration configuration;
  raft_configuration_init(&configuration);
  memory_enter(node);
  for (size_t place = 0; place < count; place++) {
    raft_configuration_add(&configuration, server_id(names[place]), names[place], RAFT_VOTER);
  }
  free(names);
  struct raft_entry entry = {.term = 1, .type = RAFT_CHANGE};
  raft_configuration_encode(&configuration, &entry.buf);
  raft_configuration_close(&configuration);
  disk_append(&node->disk, &entry);
}

static uint64_t seed_of(const char *name) {
  uint64_t hash = 0xcbf29ce484222325u ^ trace_seed;
  for (; *name != 0; name++) hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
  return hash;
}

static struct node *node_create(const char *name) {
  struct node *node = allocate(sizeof *node);
  *node = (struct node){.next = nodes, .seed = seed_of(name)};
  node->memory.next = node->memory.previous = &node->memory;
  node->sent = json_array();
  node->applied = json_array();
  node->results = json_array();
  nodes = node;
  return node;
}

static json_t *started(struct node *node) {
  int error = node_start(node);
  if (error != 0) refuse("C-raft does not start: %s", raft_errmsg(&node->raft));
  json_t *told = answer(node, outcome_done);
  put(json_object_get(told, "ok"), "base", json_pack("{s:i,s:i}", "index", 1, "term", 1));
  return told;
}

/* What C-raft can't be set to, as an answer; NULL where it can all be. */
static json_t *unsupported_setting(json_t *config) {
  static const char *const limits[][2] = {{"maxEntriesPerAppend", "append.limit"},
                                          {"maxBytesPerAppend", "append.limit-bytes"},
                                          {"maxInflightAppends", "inflight.limit"}};
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
    if (json_object_get(config, limits[i][0]) != NULL) {
      return unsupported(limits[i][1], "C-raft has no such setting");
    }
  }
  if (!json_is_false(json_object_get(config, "checkQuorum"))) return NULL;
  return unsupported("check-quorum", "a leader of C-raft always checks its quorum");
}

/* All of the request is read before there is a node. */
static json_t *on_create(json_t *request) {
  json_t *config = json_object_get(request, "config");
  json_t *setting = unsupported_setting(config);
  if (setting != NULL) return setting;
  const char *name = text_field(request, "node");
  if (node_find(name) != NULL) refuse("there is a node '%s' already", name);
  uint64_t election_ticks = number_field_or(config, "electionTicks", 10);
  uint64_t heartbeat_ticks = number_field_or(config, "heartbeatTicks", 1);
  if (heartbeat_ticks == 0 || heartbeat_ticks >= election_ticks || election_ticks > 1 << 20) {
    refuse("the heartbeat must come within the election time-out");
  }
  json_t *hard_state = field(request, "hardState"), *voters = field(request, "voters");
  json_t *voted_for = json_object_get(hard_state, "votedFor");
  uint64_t term = number_field(hard_state, "term");
  size_t voter_count;
  free(sorted_names(voters, &voter_count));
  unsigned count;
  struct raft_entry *log = entries_from_json(field(request, "log"), &count);

  struct node *node = node_create(name);
  bootstrap(node, voters);
  node->id = server_id(name);
  node->name = server_name(node->id);
  node->election_ticks = (unsigned)election_ticks;
  node->heartbeat_ticks = (unsigned)heartbeat_ticks;
  node->pre_vote = json_is_true(json_object_get(config, "preVote"));
  node->disk.term = term;
  if (json_is_string(voted_for)) node->disk.voted_for = server_id(json_string_value(voted_for));
  for (unsigned i = 0; i < count; i++) disk_append(&node->disk, &log[i]);
  return started(node);
}

static json_t *on_restart(json_t *request) {
  struct node *node = node_named(request);
  if (node->status == node_running) {
    node->why = "running";
    return answer(node, outcome_rejected);
  }
  return started(node);
}

static json_t *on_timeout(json_t *request) {
  return operate(node_named(request), node_timeout, NULL);
}

static json_t *on_campaign(json_t *request) {
  return operate(node_named(request), node_campaign, NULL);
}

static json_t *on_beat(json_t *request) { return operate(node_named(request), node_beat, NULL); }

static json_t *on_tick(json_t *request) {
  long long times = (long long)number_field_or(request, "times", 1);
  if (times < 0 || times > 1000000) refuse("'times' must lie between 0 and 1000000");
  return operate(node_named(request), node_ticks, &times);
}

static json_t *on_lapse(json_t *request) {
  (void)request;
  return unsupported("lapse", "a follower believes in its leader until its own timer fires");
}

static json_t *on_receive(json_t *request) {
  struct node *node = node_named(request);
  const char *from = text_field(request, "from");
  struct raft_message message = message_from_json(field(request, "message"), from);
  return operate(node, node_receive, &message);
}

static json_t *void_answer(void) { return json_pack("{s:{s:s}}", "ok", "outcome", "void"); }

static json_t *on_deliver(json_t *request) {
  uint64_t handle = number_field(request, "handle");
  struct letter *letter = letter_find(handle);
  if (letter == NULL) return void_answer();
  struct node *node = node_find(server_name(letter->to));
  if (node == NULL) refuse("the message is to a server that is no node of this trace");
  json_t *told = node->status == node_running ? operate(node, node_receive, &letter->message)
                                              : void_answer();
  letter_discard(handle);
  return told;
}

static json_t *on_drop(json_t *request) {
  uint64_t handle = number_field(request, "handle");
  if (letter_find(handle) == NULL) return void_answer();
  letter_discard(handle);
  return done();
}

static json_t *on_duplicate(json_t *request) {
  struct letter *letter = letter_find(number_field(request, "handle"));
  if (letter == NULL) return void_answer();
  return json_pack("{s:{s:o}}", "ok", "handle", number_to_json(letter_copy(letter)));
}

static json_t *on_propose(json_t *request) {
  struct node *node = node_named(request);
  struct raft_buffer buffer;
  buffer.base = base64_field(request, "data", &buffer.len);
  return operate(node, node_propose, &buffer);
}

static json_t *on_hold(json_t *request) {
  struct node *node = node_named(request);
  const char *what = text_field(request, "what");
  if (strcmp(what, "vote") == 0 || strcmp(what, "sync") == 0) {
    return unsupported(strcmp(what, "vote") == 0 ? "storage.async.vote" : "storage.async.sync",
                       "C-raft writes term and vote before it goes on");
  }
  if (strcmp(what, "apply") == 0) return unsupported("apply.hold", "C-raft applies at once");
  if (strcmp(what, "entries") != 0) refuse("nothing is called '%s' that could be held", what);
  node->holds_entries = true;
  return operate(node, node_nothing, NULL);
}

static json_t *on_release(json_t *request) {
  struct node *node = node_named(request);
  if (strcmp(text_field(request, "what"), "entries") == 0) {
    node->holds_entries = false;
    writes_release(node, NULL, false);
  }
  return operate(node, node_nothing, NULL);
}

static const struct write *write_with(const struct node *node, raft_index index, raft_term term) {
  for (const struct write *write = node->writes; write != NULL; write = write->next) {
    if (index < write->first || index >= write->first + write->count) continue;
    if (write->entries[index - write->first].term == term) return write;
  }
  return NULL;
}

/* The last write that a request to complete names, or NULL where there is none. */
static const struct write *write_named(const struct node *node, json_t *request) {
  json_t *through = json_object_get(request, "through");
  if (through != NULL) {
    return write_with(node, number_field(through, "index"), number_field(through, "term"));
  }
  uint64_t count = json_is_true(json_object_get(request, "all")) ? UINT64_MAX
                                                                 : number_field(request, "next");
  const struct write *last = node->writes;
  while (last != NULL && last->next != NULL && --count > 0) last = last->next;
  return last;
}

static json_t *on_complete(json_t *request) {
  struct node *node = node_named(request);
  if (node->status != node_running) return operate(node, node_nothing, NULL);
  const struct write *last = write_named(node, request);
  if (last == NULL) {
    node->why = "no such write is held";
    return answer(node, outcome_rejected);
  }
  writes_release(node, last, json_is_true(json_object_get(request, "fails")));
  return operate(node, node_nothing, NULL);
}

static int fault_kinds(const char *on) {
  if (strcmp(on, "append") == 0) return write_append;
  if (strcmp(on, "vote") == 0) return write_vote;
  if (strcmp(on, "sync") == 0) return write_append | write_vote;
  if (strcmp(on, "any-write") == 0) return write_append | write_vote | write_truncate;
  refuse("no operation of a storage is called '%s'", on);
}

static enum fault_effect fault_effect(const char *error) {
  if (strcmp(error, "io") == 0) return fault_io;
  if (strcmp(error, "full") == 0) return fault_full;
  if (strcmp(error, "crash") == 0) return fault_crash;
  refuse("no fault is called '%s'", error);
}

static json_t *on_storage_fault(json_t *request) {
  struct node *node = node_named(request);
  struct fault fault = {
      .kinds = fault_kinds(text_field(request, "on")),
      .left = (long long)number_field_or(request, "nth", 1),
      .effect = fault_effect(text_field(request, "error")),
  };
  if (fault.left < 1) refuse("'nth' must be at least 1");
  if (node->fault_count == sizeof node->faults / sizeof *node->faults) refuse("too many faults");
  node->faults[node->fault_count++] = fault;
  return operate(node, node_nothing, NULL);
}

static json_t *on_crash(json_t *request) {
  struct node *node = node_named(request);
  const char *unsynced = text_field(request, "unsynced");
  if (strcmp(unsynced, "torn") == 0) {
    return unsupported("crash.torn", "the adapter's disk stores whole writes");
  }
  if (node->status == node_crashed) {
    return json_pack("{s:{s:s,s:s}}", "ok", "outcome", "halted", "node", node->name);
  }
  node->disk.cut = 0;
  node_crash(node, strcmp(unsynced, "kept") == 0);
  if (json_is_true(json_object_get(request, "wipe"))) node_wipe(node);
  return answer(node, outcome_done);
}

static void tell_whole(struct node *node, json_t *state, const char *want) {
  if (strcmp(want, "log") == 0) {
    put(state, "truncatedFrom", number_to_json(2));
    tell_entries(node, state, 2);
  } else if (strcmp(want, "applied") == 0) {
    json_t *applied = json_array();
    for (raft_index index = 2; index <= node->raft.last_applied; index++) {
      json_t *entry = entry_to_json(logGet(&node->raft.log, index));
      put(entry, "index", number_to_json(index));
      json_array_append_new(applied, entry);
    }
    put(state, "applied", applied);
  }
}

static json_t *on_state(json_t *request) {
  struct node *node = node_named(request);
  if (node->status != node_running) return operate(node, node_nothing, NULL);
  json_t *want = json_object_get(request, "want"), *item;
  json_t *state = json_object();
  size_t place;
  node->has_told = false;
  tell_scalars(node, state);
  json_array_foreach(want, place, item) {
    if (json_is_string(item)) tell_whole(node, state, json_string_value(item));
  }
  return json_pack("{s:{s:s,s:o}}", "ok", "node", node->name, "state", state);
}

static json_t *perform(json_t *request) {
  static const struct {
    const char *name;
    json_t *(*perform)(json_t *request);
  } operations[] = {
      {"receive", on_receive},   {"deliver", on_deliver}, {"tick", on_tick},
      {"propose", on_propose},   {"beat", on_beat},       {"timeout", on_timeout},
      {"begin", on_begin},       {"create", on_create},   {"end", on_end},
      {"drop", on_drop},         {"state", on_state},     {"campaign", on_campaign},
      {"hold", on_hold},         {"release", on_release}, {"complete", on_complete},
      {"crash", on_crash},       {"restart", on_restart}, {"storageFault", on_storage_fault},
      {"duplicate", on_duplicate}, {"lapse", on_lapse},   {"hello", on_hello},
      {"bye", on_end},
  };
  const char *name = text_field(request, "op");
  for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
    if (strcmp(operations[i].name, name) == 0) return operations[i].perform(request);
  }
  return unsupported(name, "there is no such operation in protocol 1");
}

static json_t *answer_to(json_t *request) {
  if (setjmp(refusal) == 0) return perform(request);
  return json_pack("{s:{s:s}}", "error", "message", refusal_text);
}

/* Lines */

static void answer_line(const char *line, size_t length) {
  json_error_t problem;
  json_t *request = json_loadb(line, length, 0, &problem);
  json_t *told = json_is_object(request)
                     ? answer_to(request)
                     : json_pack("{s:{s:s,s:s}}", "error", "message", "not a JSON object", "detail",
                                 request == NULL ? problem.text : "");
  json_t *id = json_object_get(request, "id");
  json_object_set(told, "id", id == NULL ? json_null() : id);
  json_dumpf(told, stdout, JSON_COMPACT);
  putchar('\n');
  json_decref(told);
  json_decref(request);
}

/* Answers all whole lines that have come, and then lets the answers go: so does a pipe that is used
 * request by request wait for nothing, and one that is filled costs few writes. */
int main(void) {
  node_prepare_process();
  static char output[1 << 16];
  setvbuf(stdout, output, _IOFBF, sizeof output);
  size_t capacity = 1 << 16, used = 0;
  char *input = allocate(capacity);
  for (;;) {
    if (used == capacity) input = allocate_again(input, capacity *= 2);
    ssize_t got = read(STDIN_FILENO, input + used, capacity - used);
    if (got <= 0) break;
    used += (size_t)got;
    char *line = input, *end;
    while ((end = memchr(line, '\n', used - (size_t)(line - input))) != NULL) {
      answer_line(line, (size_t)(end - line));
      line = end + 1;
    }
    used -= (size_t)(line - input);
    memmove(input, line, used);
    if (fflush(stdout) != 0) return 74;
  }
  return 0;
}
