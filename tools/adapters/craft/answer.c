/* What an answer tells of a node: what it sent, and what changed in its state. */
#include "answer.h"

#include <stdlib.h>

#include "wire.h"

void put(json_t *object, const char *key, json_t *value) {
  json_object_set_new(object, key, value);
}

static const char *role_name(const struct raft *raft) {
  switch (raft->state) {
    case RAFT_LEADER: return "leader";
    case RAFT_CANDIDATE: return raft->candidate_state.in_pre_vote ? "pre-candidate" : "candidate";
    default: return "follower";
  }
}

void tell_entries(struct node *node, json_t *state, raft_index first) {
  raft_index last = raft_last_index(&node->raft);
  if (first > last) return;
  json_t *appended = json_array();
  for (raft_index index = first; index <= last; index++) {
    const struct raft_entry *entry = logGet(&node->raft.log, index);
    if (index > node->told_capacity) {
      node->told_capacity = node->told_capacity * 2 + 64;
      node->told_log =
          allocate_again(node->told_log, node->told_capacity * sizeof *node->told_log);
    }
    node->told_log[index - 1] = (struct told_entry){entry->term, entry->buf.base};
    json_array_append_new(appended, entry_to_json(entry));
  }
  node->told_count = last;
  put(state, "appended", appended);
}

/* The log ends alike up to the last entry that is still the same block of memory. */
static void tell_log(struct node *node, json_t *state) {
  raft_index same = raft_last_index(&node->raft);
  if (same > node->told_count) same = node->told_count;
  for (; same > 1; same--) {
    const struct raft_entry *entry = logGet(&node->raft.log, same);
    const struct told_entry *told = &node->told_log[same - 1];
    if (told->term == entry->term && told->data == entry->buf.base) break;
  }
  if (same < 1) same = 1;
  if (same < node->told_count) put(state, "truncatedFrom", number_to_json(same + 1));
  node->told_count = same;
  tell_entries(node, state, same + 1);
}

void tell_scalars(struct node *node, json_t *state) {
  static const char *const statuses[] = {"running", "crashed", "halted"};
  struct raft *raft = &node->raft;
  const char *address;
  struct told_state now = {
      .status = node->status,
      .role = role_name(raft),
      .term = raft->current_term,
      .voted_for = raft->voted_for,
      .commit_index = raft->commit_index,
  };
  raft_leader(raft, &now.leader, &address);
  const struct told_state *told = &node->told;
  bool all = !node->has_told;
  if (all || now.status != told->status) put(state, "status", json_string(statuses[now.status]));
  if (all || now.role != told->role) put(state, "role", json_string(now.role));
  if (all || now.term != told->term) put(state, "term", number_to_json(now.term));
  if (all || now.voted_for != told->voted_for) {
    put(state, "votedFor", server_to_json(now.voted_for));
  }
  if (all || now.leader != told->leader) put(state, "leader", server_to_json(now.leader));
  if (all || now.commit_index != told->commit_index) {
    put(state, "commitIndex", number_to_json(now.commit_index));
  }
  node->told = now;
  node->has_told = true;
}

static void put_collected(json_t *object, const char *key, json_t **collected) {
  if (json_array_size(*collected) == 0) return;
  put(object, key, *collected);
  *collected = json_array();
}

json_t *answer(struct node *node, enum outcome outcome) {
  static const char *const names[] = {"done", "rejected", "blocked", "void", "halted"};
  json_t *ok = json_object(), *state = json_object();
  if (outcome != outcome_done) put(ok, "outcome", json_string(names[outcome]));
  if (outcome == outcome_rejected) put(ok, "why", json_string(node->why));
  put(ok, "node", json_string(node->name));
  put_collected(ok, "sent", &node->sent);
  put_collected(ok, "results", &node->results);
  if (node->status == node_running) tell_log(node, state);
  else if (node->disk.cut > 0) put(state, "truncatedFrom", number_to_json(node->disk.cut));
  tell_scalars(node, state);
  put_collected(state, "applied", &node->applied);
  if (json_object_size(state) > 0) put(ok, "state", state);
  else json_decref(state);
  return json_pack("{s:o}", "ok", ok);
}
