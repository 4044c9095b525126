/* Between the protocol's JSON and C-raft's structures: names, numbers, bytes, entries, messages. */
#ifndef WIRE_H
#define WIRE_H

#include <jansson.h>
#include <raft.h>
#include <stdint.h>

struct node;

/* Memory that is there; the process ends where there is none. */
void *allocate(size_t size);
void *allocate_again(void *pointer, size_t size);

/* Ends the request with an error. Does not come back. */
_Noreturn void refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Fields of a request. Where one is missing that has no default, the request is refused. */
json_t *field(json_t *object, const char *key);
const char *text_field(json_t *object, const char *key);
uint64_t number_field(json_t *object, const char *key);
uint64_t number_field_or(json_t *object, const char *key, uint64_t value);

/* A number, in digits where other readers of JSON would lose some. */
json_t *number_to_json(uint64_t number);
json_t *base64_to_json(const unsigned char *data, size_t length);

/* Decodes a field's bytes into a block that lasts until the next request. */
unsigned char *base64_field(json_t *object, const char *key, size_t *length);

/* Servers by name and by number, from 1. */
raft_id server_id(const char *name);
const char *server_name(raft_id id);
json_t *server_to_json(raft_id id);

json_t *entry_to_json(const struct raft_entry *entry);

/* Reads entries and their bytes into a block that lasts until the next request. */
struct raft_entry *entries_from_json(json_t *array, unsigned *count);

/* Puts a message on its way; what the answer tells of it, or NULL where it has no receiver. */
json_t *letter_send(const struct node *sender, const struct raft_message *message);

/* A message on its way. */
struct letter {
  raft_id to;
  struct raft_message message; /* With the sender's id and address, as it is received. */
};

/* The letter behind a handle, or NULL if it is gone. */
struct letter *letter_find(uint64_t handle);
uint64_t letter_copy(const struct letter *letter);
void letter_discard(uint64_t handle);

/* A message that no real server sent. Its entries last until the next request. */
struct raft_message message_from_json(json_t *message, const char *from);

/* Forgets the servers and letters of a trace. */
void wire_reset(void);

#endif
