#include "wire.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node.h"

void *allocate(size_t size) { return allocate_again(NULL, size); }

void *allocate_again(void *pointer, size_t size) {
  void *moved = realloc(pointer, size);
  if (moved != NULL) return moved;
  fputs("out of memory\n", stderr);
  _Exit(71);
}

/* The block that a request's entries or bytes are decoded into: the request before is done with it,
 * also where it was refused. */
static void *allocate_for_request(size_t size) {
  static void *block;
  free(block);
  return block = allocate(size);
}

/* Fields */

json_t *field(json_t *object, const char *key) {
  json_t *value = json_object_get(object, key);
  if (value == NULL || json_is_null(value)) refuse("'%s' is missing", key);
  return value;
}

const char *text_field(json_t *object, const char *key) {
  const char *text = json_string_value(field(object, key));
  if (text == NULL) refuse("'%s' must be a string", key);
  return text;
}

uint64_t number_field(json_t *object, const char *key) {
  json_t *value = field(object, key);
  if (json_is_integer(value) && json_integer_value(value) >= 0) return json_integer_value(value);
  const char *digits = json_string_value(value);
  if (digits == NULL || *digits == 0 || digits[strspn(digits, "0123456789")] != 0) {
    refuse("'%s' must be a number that is not negative", key);
  }
  return strtoull(digits, NULL, 10);
}

uint64_t number_field_or(json_t *object, const char *key, uint64_t value) {
  json_t *given = json_object_get(object, key);
  return given == NULL || json_is_null(given) ? value : number_field(object, key);
}

json_t *number_to_json(uint64_t number) {
  if (number <= (uint64_t)1 << 53) return json_integer((json_int_t)number);
  return json_sprintf("%" PRIu64, number);
}

/* Bytes */

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

json_t *base64_to_json(const unsigned char *data, size_t length) {
  size_t size = (length + 2) / 3 * 4;
  char *text = allocate(size + 1), *next = text;
  for (size_t i = 0; i < length; i += 3) {
    size_t left = length - i;
    uint32_t word = (uint32_t)data[i] << 16;
    if (left > 1) word |= (uint32_t)data[i + 1] << 8;
    if (left > 2) word |= data[i + 2];
    *next++ = base64_digits[word >> 18];
    *next++ = base64_digits[word >> 12 & 63];
    *next++ = left > 1 ? base64_digits[word >> 6 & 63] : '=';
    *next++ = left > 2 ? base64_digits[word & 63] : '=';
  }
  json_t *value = json_stringn(text, size);
  free(text);
  return value;
}

/* Decodes into `data`, which has room for three bytes of four digits; the number of bytes. */
static size_t base64_decode(const char *text, unsigned char *data) {
  size_t length = 0;
  uint32_t word = 0;
  unsigned digits = 0;
  for (; *text != 0 && *text != '='; text++) {
    const char *digit = strchr(base64_digits, *text);
    if (digit == NULL) refuse("'data' is not base64");
    word = word << 6 | (uint32_t)(digit - base64_digits);
    digits++;
    if (digits % 4 != 1) data[length++] = (unsigned char)(word >> (6 - 2 * ((digits - 1) % 4)));
  }
  return length;
}

unsigned char *base64_field(json_t *object, const char *key, size_t *length) {
  const char *text = text_field(object, key);
  unsigned char *data = allocate_for_request(strlen(text) + 1);
  *length = base64_decode(text, data);
  return data;
}

/* Servers */

static char **servers;
static size_t server_count;

raft_id server_id(const char *name) {
  for (size_t i = 0; i < server_count; i++) {
    if (strcmp(servers[i], name) == 0) return i + 1;
  }
  servers = allocate_again(servers, (server_count + 1) * sizeof *servers);
  servers[server_count] = allocate(strlen(name) + 1);
  strcpy(servers[server_count], name);
  return ++server_count;
}

const char *server_name(raft_id id) {
  return id == 0 || id > server_count ? NULL : servers[id - 1];
}

json_t *server_to_json(raft_id id) {
  const char *name = server_name(id);
  return name == NULL ? json_null() : json_string(name);
}

/* Entries */

json_t *entry_to_json(const struct raft_entry *entry) {
  json_t *told = json_object();
  json_object_set_new(told, "term", number_to_json(entry->term));
  json_object_set_new(told, "data", base64_to_json(entry->buf.base, entry->buf.len));
  if (entry->type == RAFT_BARRIER) json_object_set_new(told, "kind", json_string("internal"));
  if (entry->type == RAFT_CHANGE) json_object_set_new(told, "kind", json_string("configuration"));
  return told;
}

static unsigned short entry_type(json_t *entry) {
  json_t *kind = json_object_get(entry, "kind");
  const char *name = kind == NULL ? "command" : json_string_value(kind);
  if (name != NULL && strcmp(name, "command") == 0) return RAFT_COMMAND;
  if (name != NULL && strcmp(name, "internal") == 0) return RAFT_BARRIER;
  refuse("no entry of kind '%s' can be handed in", name == NULL ? "" : name);
}

struct raft_entry *entries_from_json(json_t *array, unsigned *count) {
  if (!json_is_array(array)) refuse("the entries must be an array");
  size_t room = 0, place;
  json_t *item;
  json_array_foreach(array, place, item) room += strlen(text_field(item, "data"));
  *count = (unsigned)json_array_size(array);
  struct raft_entry *entries = allocate_for_request(*count * sizeof *entries + room + 1);
  unsigned char *data = (unsigned char *)(entries + *count);
  json_array_foreach(array, place, item) {
    entries[place] = (struct raft_entry){
        .term = number_field(item, "term"),
        .type = entry_type(item),
        .buf = {.base = data, .len = base64_decode(text_field(item, "data"), data)},
    };
    data += entries[place].buf.len;
  }
  return entries;
}

/* Messages */

static struct letter **letters;
static size_t letter_count, letter_capacity;

static uint64_t letter_keep(const struct letter *letter) {
  if (letter_count == letter_capacity) {
    letter_capacity = letter_capacity * 2 + 64;
    letters = allocate_again(letters, letter_capacity * sizeof *letters);
  }
  struct letter *kept = allocate(sizeof *kept);
  *kept = *letter;
  if (kept->message.type == RAFT_IO_APPEND_ENTRIES) {
    copy_entries(&kept->message.append_entries, allocate);
  }
  letters[letter_count++] = kept;
  return letter_count;
}

struct letter *letter_find(uint64_t handle) {
  if (handle == 0 || handle > letter_count) {
    refuse("no message was ever sent under the handle %" PRIu64, handle);
  }
  return letters[handle - 1];
}

uint64_t letter_copy(const struct letter *letter) { return letter_keep(letter); }

void letter_discard(uint64_t handle) {
  struct letter *letter = letters[handle - 1];
  if (letter == NULL) return;
  const struct raft_append_entries *append = &letter->message.append_entries;
  if (letter->message.type == RAFT_IO_APPEND_ENTRIES && append->n_entries > 0) {
    free(append->entries[0].batch);
    free(append->entries);
  }
  free(letter);
  letters[handle - 1] = NULL;
}

void wire_reset(void) {
  for (size_t handle = 1; handle <= letter_count; handle++) letter_discard(handle);
  letter_count = 0;
  while (server_count > 0) free(servers[--server_count]);
}

static json_t *message_object(const char *type, raft_term term) {
  json_t *message = json_object();
  json_object_set_new(message, "type", json_string(type));
  json_object_set_new(message, "term", number_to_json(term));
  return message;
}

static void put_number(json_t *message, const char *key, uint64_t number) {
  json_object_set_new(message, key, number_to_json(number));
}

static json_t *vote_request_to_json(const struct raft_request_vote *vote) {
  json_t *message = message_object(vote->pre_vote ? "PreVote" : "RequestVote", vote->term);
  put_number(message, "lastLogIndex", vote->last_log_index);
  put_number(message, "lastLogTerm", vote->last_log_term);
  if (vote->disrupt_leader) json_object_set_new(message, "disrupt", json_true());
  return message;
}

static json_t *append_to_json(const struct raft_append_entries *append) {
  json_t *message = message_object("AppendEntries", append->term);
  put_number(message, "prevLogIndex", append->prev_log_index);
  put_number(message, "prevLogTerm", append->prev_log_term);
  json_t *entries = json_array();
  for (unsigned i = 0; i < append->n_entries; i++) {
    json_array_append_new(entries, entry_to_json(&append->entries[i]));
  }
  json_object_set_new(message, "entries", entries);
  put_number(message, "leaderCommit", append->leader_commit);
  return message;
}

/* C-raft's answer carries an index: what it has stored, or its log's end beside what it refused. */
static json_t *append_result_to_json(const struct node *sender,
                                     const struct raft_append_entries_result *result) {
  json_t *message = message_object("AppendEntriesResponse", result->term);
  json_object_set_new(message, "success", json_boolean(result->rejected == 0));
  if (result->rejected == 0) {
    put_number(message, "matchIndex", result->last_log_index);
    return message;
  }
  put_number(message, "prevLogIndex", result->rejected);
  struct raft_log *log = (struct raft_log *)&sender->raft.log;
  json_t *hint = json_object();
  put_number(hint, "index", result->last_log_index);
  put_number(hint, "term", logTermOf(log, result->last_log_index));
  json_object_set_new(message, "hint", hint);
  return message;
}

static json_t *message_to_json(const struct node *sender, const struct raft_message *message) {
  switch (message->type) {
    case RAFT_IO_REQUEST_VOTE: return vote_request_to_json(&message->request_vote);
    case RAFT_IO_REQUEST_VOTE_RESULT: {
      const struct raft_request_vote_result *vote = &message->request_vote_result;
      bool pre_vote = vote->pre_vote == raft_tribool_true;
      json_t *told =
          message_object(pre_vote ? "PreVoteResponse" : "RequestVoteResponse", vote->term);
      json_object_set_new(told, "granted", json_boolean(vote->vote_granted));
      return told;
    }
    case RAFT_IO_APPEND_ENTRIES: return append_to_json(&message->append_entries);
    case RAFT_IO_APPEND_ENTRIES_RESULT:
      return append_result_to_json(sender, &message->append_entries_result);
    case RAFT_IO_INSTALL_SNAPSHOT:
      return message_object("InstallSnapshot", message->install_snapshot.term);
    default: return message_object("TimeoutNow", message->timeout_now.term);
  }
}

json_t *letter_send(const struct node *sender, const struct raft_message *message) {
  struct letter letter = {.to = message->server_id, .message = *message};
  letter.message.server_id = sender->id;
  letter.message.server_address = server_name(sender->id);
  const char *to = server_name(letter.to);
  if (to == NULL) return NULL;
  json_t *told = json_object();
  put_number(told, "handle", letter_keep(&letter));
  json_object_set_new(told, "to", json_string(to));
  json_object_set_new(told, "message", message_to_json(sender, message));
  return told;
}

static void read_vote_request(json_t *json, struct raft_message *message, bool pre_vote) {
  message->type = RAFT_IO_REQUEST_VOTE;
  message->request_vote = (struct raft_request_vote){
      .term = number_field(json, "term"),
      .candidate_id = message->server_id,
      .last_log_index = number_field(json, "lastLogIndex"),
      .last_log_term = number_field(json, "lastLogTerm"),
      .disrupt_leader = json_is_true(json_object_get(json, "disrupt")),
      .pre_vote = pre_vote,
  };
}

static void read_vote_result(json_t *json, struct raft_message *message, bool pre_vote) {
  message->type = RAFT_IO_REQUEST_VOTE_RESULT;
  message->request_vote_result = (struct raft_request_vote_result){
      .term = number_field(json, "term"),
      .vote_granted = json_is_true(field(json, "granted")),
      .pre_vote = pre_vote ? raft_tribool_true : raft_tribool_false,
  };
}

static void read_append(json_t *json, struct raft_message *message) {
  message->type = RAFT_IO_APPEND_ENTRIES;
  struct raft_append_entries append = {
      .term = number_field(json, "term"),
      .prev_log_index = number_field(json, "prevLogIndex"),
      .prev_log_term = number_field(json, "prevLogTerm"),
      .leader_commit = number_field(json, "leaderCommit"),
  };
  json_t *entries = json_object_get(json, "entries");
  if (entries != NULL) append.entries = entries_from_json(entries, &append.n_entries);
  message->append_entries = append;
}

/* An answer to a heartbeat acknowledges nothing: an acceptance up to 0. */
static void read_append_result(json_t *json, struct raft_message *message, bool heartbeat) {
  message->type = RAFT_IO_APPEND_ENTRIES_RESULT;
  struct raft_append_entries_result result = {.term = number_field(json, "term")};
  if (!heartbeat && json_is_true(field(json, "success"))) {
    result.last_log_index = number_field(json, "matchIndex");
  } else if (!heartbeat) {
    result.rejected = number_field(json, "prevLogIndex");
    json_t *hint = json_object_get(json, "hint");
    result.last_log_index = hint != NULL         ? number_field(hint, "index")
                            : result.rejected > 0 ? result.rejected - 1
                                                  : 0;
  }
  message->append_entries_result = result;
}

struct raft_message message_from_json(json_t *json, const char *from) {
  struct raft_message message = {.server_id = server_id(from)};
  message.server_address = server_name(message.server_id);
  const char *type = text_field(json, "type");
  if (strcmp(type, "RequestVote") == 0) read_vote_request(json, &message, false);
  else if (strcmp(type, "PreVote") == 0) read_vote_request(json, &message, true);
  else if (strcmp(type, "RequestVoteResponse") == 0) read_vote_result(json, &message, false);
  else if (strcmp(type, "PreVoteResponse") == 0) read_vote_result(json, &message, true);
  else if (strcmp(type, "AppendEntries") == 0) read_append(json, &message);
  else if (strcmp(type, "Heartbeat") == 0) read_append(json, &message);
  else if (strcmp(type, "AppendEntriesResponse") == 0) read_append_result(json, &message, false);
  else if (strcmp(type, "HeartbeatResponse") == 0) read_append_result(json, &message, true);
  else refuse("there is no message '%s' in protocol 1", type);
  return message;
}
