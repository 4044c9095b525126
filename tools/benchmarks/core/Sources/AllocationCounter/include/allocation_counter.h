#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

/* How many blocks the process has asked for so far; reallocations count too. */
uint64_t allocation_count(void);

#endif
