/* What is durable, and entries in one block as C-raft wants to be handed them. */
#include <stdlib.h>
#include <string.h>

#include "node.h"
#include "wire.h"

void disk_truncate(struct disk *disk, raft_index index) {
  while (disk->count >= index) free(disk->entries[--disk->count].buf.base);
}

void disk_append(struct disk *disk, const struct raft_entry *entry) {
  if (disk->count == disk->capacity) {
    disk->capacity = disk->capacity * 2 + 16;
    disk->entries = allocate_again(disk->entries, disk->capacity * sizeof *disk->entries);
  }
  struct raft_entry *stored = &disk->entries[disk->count++];
  *stored = *entry;
  stored->batch = NULL;
  stored->buf.base = allocate(entry->buf.len + 1);
  memcpy(stored->buf.base, entry->buf.base, entry->buf.len);
}

void copy_entries(struct raft_append_entries *append, void *(*allocate_block)(size_t)) {
  const struct raft_entry *entries = append->entries;
  append->entries = NULL;
  if (append->n_entries == 0) return;
  size_t bytes = 1;
  for (unsigned i = 0; i < append->n_entries; i++) bytes += entries[i].buf.len;
  append->entries = allocate_block(append->n_entries * sizeof *entries);
  char *batch = allocate_block(bytes), *next = batch;
  for (unsigned i = 0; i < append->n_entries; i++) {
    struct raft_entry *copy = &append->entries[i];
    *copy = entries[i];
    copy->batch = batch;
    copy->buf.base = next;
    memcpy(next, entries[i].buf.base, copy->buf.len);
    next += copy->buf.len;
  }
}

bool disk_store(struct disk *disk, const struct write *write) {
  if (write->first > disk->count + 1) return false;
  disk_truncate(disk, write->first);
  for (unsigned i = 0; i < write->count; i++) disk_append(disk, &write->entries[i]);
  return true;
}
