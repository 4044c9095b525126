/* An adapter: puts an implementation of Raft under raft-ladder's conformance suite.
 *
 * It runs as it is. The node is a voter that knows RequestVote and nothing else: put your
 * implementation in its place, and take up one operation after the other.
 *
 *   cc -std=c11 -Wall -Wextra -o adapter adapter.c
 *   raft-ladder validate-adapter -- ./adapter    says what is wrong, and what comes next
 *   raft-ladder climb --adapter ./adapter        goes up the ladder, rung by rung
 *
 * Requests come a line each on standard input, answers go a line each to standard output, in order;
 * logs go to standard error. Spec/AdapterProtocol.md tells every operation and field.
 *
 * Next: the operations in the order of the ladder. Declare a capability in CAPABILITIES once its
 * operations work; what is not declared is not judged.
 *
 *   <next steps>
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPABILITIES "[\"messages\",\"log.read\",\"votedFor.read\"]"

/* ---- JSON: a line as a list of values in the order they stand, each a range of the line. ---- */

struct value {
  char kind; /* { [ " or the first byte of a number, true, false or null */
  const char *start;
  int length;
  int next; /* the value after this one and all that is inside it */
};

static struct value *values;
static int count, room;

static const char *parse(const char *at) {
  if (at == NULL) return NULL;
  at += strspn(at, " \t\r\n");
  if (count == room) {
    room = room ? 2 * room : 256;
    values = realloc(values, (size_t)room * sizeof *values);
    if (values == NULL) abort();
  }
  int place = count++;
  char kind = *at;
  const char *start = at;
  if (kind == '"') {
    for (start = ++at; *at != '"'; at++) {
      if (*at == '\0') return NULL;
      if (*at == '\\' && at[1] != '\0') at++; /* kept as it is written: names need no escapes */
    }
    values[place] = (struct value){kind, start, (int)(at++ - start), 0};
  } else if (kind == '{' || kind == '[') {
    char end = kind == '{' ? '}' : ']';
    values[place] = (struct value){kind, start, 0, 0};
    for (at++; *(at += strspn(at, " \t\r\n,")) != end;) {
      if (kind == '{') {
        if ((at = parse(at)) == NULL) return NULL;
        at += strspn(at, " \t\r\n");
        if (*at++ != ':') return NULL;
      }
      if ((at = parse(at)) == NULL) return NULL;
    }
    at++;
  } else {
    at += strcspn(at, ",]} \t\r\n");
    if (at == start) return NULL;
    values[place] = (struct value){kind, start, (int)(at - start), 0};
  }
  values[place].next = count;
  return at;
}

static bool is(int place, const char *text) {
  return place >= 0 && values[place].length == (int)strlen(text) &&
         memcmp(values[place].start, text, strlen(text)) == 0;
}

/* The value of an object's member, or -1. */
static int member(int object, const char *name) {
  if (object < 0 || values[object].kind != '{') return -1;
  for (int key = object + 1; key < values[object].next; key = values[key + 1].next)
    if (is(key, name)) return key + 1;
  return -1;
}

/* A term or an index: a number, or above 2^53 a string of digits. */
static uint64_t number(int place) {
  return place < 0 ? 0 : strtoull(values[place].start, NULL, 10);
}

/* A string of its own; NULL for null and for nothing. */
static char *text(int place) {
  if (place < 0 || values[place].kind != '"') return NULL;
  return strndup(values[place].start, (size_t)values[place].length);
}

static void write_number(uint64_t value) {
  const char *quote = value > (uint64_t)1 << 53 ? "\"" : "";
  printf("%s%" PRIu64 "%s", quote, value, quote);
}

static void write_name(const char *name) { printf(name ? "\"%s\"" : "null", name); }

/* ---- The node: one server, booted from the state that `create` gives. Replace it by yours. ---- */

struct entry {
  uint64_t term;
  char *data; /* in base64, since nothing here looks into it */
};

struct node {
  char *name, *voted_for;
  uint64_t term, last_index;
  struct entry *log; /* from index 1 on */
  struct node *next;
};

static struct node *nodes;
static uint64_t handles;

static void forget(void) {
  while (nodes != NULL) {
    struct node *node = nodes;
    nodes = node->next;
    for (uint64_t i = 0; i < node->last_index; i++) free(node->log[i].data);
    free(node->log);
    free(node->voted_for);
    free(node->name);
    free(node);
  }
  handles = 0;
}

static struct node *create(int request) {
  struct node *node = calloc(1, sizeof *node);
  int hard = member(request, "hardState"), log = member(request, "log");
  if (node == NULL) abort();
  node->name = text(member(request, "node"));
  node->term = number(member(hard, "term"));
  node->voted_for = text(member(hard, "votedFor"));
  for (int entry = log + 1; log >= 0 && entry < values[log].next; entry = values[entry].next) {
    node->log = realloc(node->log, (node->last_index + 1) * sizeof *node->log);
    if (node->log == NULL) abort();
    char *data = text(member(entry, "data"));
    node->log[node->last_index++] =
        (struct entry){number(member(entry, "term")), data ? data : strdup("")};
  }
  node->next = nodes;
  return nodes = node;
}

static void write_state(const struct node *node, bool with_log) {
  printf("\"state\":{\"status\":\"running\",\"role\":\"follower\",\"leader\":null,");
  printf("\"commitIndex\":0,\"term\":");
  write_number(node->term);
  printf(",\"votedFor\":");
  write_name(node->voted_for);
  for (uint64_t i = 0; with_log && i < node->last_index; i++) {
    printf(i == 0 ? ",\"appended\":[{\"term\":" : ",{\"term\":");
    write_number(node->log[i].term);
    printf(",\"data\":\"%s\"}%s", node->log[i].data, i + 1 == node->last_index ? "]" : "");
  }
  printf("}");
}

static void unsupported(const char *capability, int length) {
  printf("\"unsupported\":{\"capability\":\"%.*s\",\"reason\":\"not implemented yet\"}", length,
         capability);
}

static void receive(struct node *node, int request) {
  int message = member(request, "message"), type = member(message, "type");
  if (!is(type, "RequestVote")) {
    unsupported(type < 0 ? "receive" : values[type].start, type < 0 ? 7 : values[type].length);
    return;
  }
  char *from = text(member(request, "from"));
  uint64_t term = number(member(message, "term"));
  if (term > node->term) { /* Raft paper, figure 2: rules for all servers */
    node->term = term;
    free(node->voted_for);
    node->voted_for = NULL;
  }
  uint64_t own = node->last_index ? node->log[node->last_index - 1].term : 0;
  uint64_t theirs = number(member(message, "lastLogTerm"));
  bool up_to_date = theirs > own || (theirs == own && number(member(message, "lastLogIndex")) >=
                                                         node->last_index);
  bool is_free = node->voted_for == NULL || strcmp(node->voted_for, from) == 0;
  bool granted = term == node->term && is_free && up_to_date;
  /* Durable before it is told: write the vote to your disk here. */
  if (granted && node->voted_for == NULL) node->voted_for = strdup(from);
  /* Keep each message that you send, by its handle: `deliver` will ask for it. */
  printf("\"ok\":{\"sent\":[{\"handle\":%" PRIu64 ",\"to\":", ++handles);
  write_name(from);
  printf(",\"message\":{\"type\":\"RequestVoteResponse\",\"term\":");
  write_number(node->term);
  printf(",\"granted\":%s}}],", granted ? "true" : "false");
  write_state(node, false);
  printf("}");
  free(from);
}

/* ---- The conversation. ---- */

static void answer(int request) {
  int operation = member(request, "op"), name = member(request, "node");
  struct node *node = nodes;
  while (node != NULL && !is(name, node->name)) node = node->next;
  if (is(operation, "hello")) {
    printf("\"ok\":{\"protocol\":1,\"window\":1,\"capabilities\":" CAPABILITIES ",");
    printf("\"implementation\":{\"name\":\"my raft\",\"version\":\"0.1\",\"language\":\"c\"}}");
  } else if (is(operation, "begin")) {
    forget(); /* Every node of the trace before is gone; `seed` is for your randomness. */
    printf("\"ok\":{}");
  } else if (is(operation, "end") || is(operation, "bye")) {
    printf("\"ok\":{}");
  } else if (is(operation, "create")) {
    printf("\"ok\":{");
    write_state(create(request), true);
    printf("}");
  } else if (!is(operation, "state") && !is(operation, "receive")) {
    unsupported(operation < 0 ? "op" : values[operation].start,
                operation < 0 ? 2 : values[operation].length);
  } else if (node == NULL) {
    printf("\"error\":{\"message\":\"there is no such node\"}");
  } else if (is(operation, "receive")) {
    receive(node, request);
  } else {
    int want = member(request, "want");
    bool with_log = false;
    for (int field = want + 1; want >= 0 && field < values[want].next; field = values[field].next)
      with_log = with_log || is(field, "log");
    printf("\"ok\":{");
    write_state(node, with_log);
    printf("}");
  }
}

int main(void) {
  char *line = NULL;
  size_t size = 0;
  bool goes_on = true;
  while (goes_on && getline(&line, &size, stdin) > 0) {
    count = 0;
    bool is_json = parse(line) != NULL;
    printf("{\"id\":");
    write_number(is_json ? number(member(0, "id")) : 0);
    printf(",");
    if (is_json)
      answer(0);
    else
      printf("\"error\":{\"message\":\"the line is no JSON\"}");
    printf("}\n");
    fflush(stdout);
    goes_on = !is_json || !is(member(0, "op"), "bye");
  }
  forget();
  free(values);
  free(line);
  return 0;
}
