#ifndef ANSWER_H
#define ANSWER_H

#include <jansson.h>

#include "node.h"

/* Sets a field, and takes the value over. */
void put(json_t *object, const char *key, json_t *value);

/* Tells the entries of a node's log from an index on. */
void tell_entries(struct node *node, json_t *state, raft_index first);

/* Tells the fields of a node's state that changed since they were last told. */
void tell_scalars(struct node *node, json_t *state);

/* The answer to an operation on a node, with all that was not told yet. */
json_t *answer(struct node *node, enum outcome outcome);

#endif
