/* C-raft's memory. A life that ends in the middle of C-raft, as a crash does, leaves its blocks
 * behind; so each life has a ring of its own, and is freed as a whole. */
#include <stdlib.h>
#include <string.h>

#include "node.h"

static struct block *memory_of;

void memory_enter(struct node *node) { memory_of = &node->memory; }

static void *memory_allocate(void *data, size_t size) {
  (void)data;
  struct block *block = malloc(sizeof *block + size);
  if (block == NULL) return NULL;
  block->size = size;
  block->next = memory_of->next;
  block->previous = memory_of;
  memory_of->next->previous = block;
  memory_of->next = block;
  return block->aligned;
}

static void memory_free(void *data, void *pointer) {
  (void)data;
  if (pointer == NULL) return;
  struct block *block = (struct block *)((char *)pointer - offsetof(struct block, aligned));
  block->previous->next = block->next;
  block->next->previous = block->previous;
  free(block);
}

static void *memory_allocate_zeroed(void *data, size_t count, size_t size) {
  void *pointer = memory_allocate(data, count * size);
  return pointer == NULL ? NULL : memset(pointer, 0, count * size);
}

static void *memory_reallocate(void *data, void *pointer, size_t size) {
  void *moved = memory_allocate(data, size);
  if (moved == NULL || pointer == NULL) return moved;
  struct block *block = (struct block *)((char *)pointer - offsetof(struct block, aligned));
  memcpy(moved, pointer, block->size < size ? block->size : size);
  memory_free(data, pointer);
  return moved;
}

void memory_release(struct node *node) {
  memory_enter(node);
  while (node->memory.next != &node->memory) memory_free(NULL, node->memory.next->aligned);
}

void memory_prepare(void) {
  static struct raft_heap heap = {
      .malloc = memory_allocate,
      .free = memory_free,
      .calloc = memory_allocate_zeroed,
      .realloc = memory_reallocate,
  };
  raft_heap_set(&heap);
}
