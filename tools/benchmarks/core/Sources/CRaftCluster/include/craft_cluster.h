#ifndef CRAFT_CLUSTER_H
#define CRAFT_CLUSTER_H

#include <stdint.h>

/* Three C-raft servers in memory, driven by one thread. */
struct craft_cluster;

enum { craft_servers = 3, craft_payload = 64 };

/* Starts the servers and elects the first; NULL if C-raft refuses. */
struct craft_cluster *craft_cluster_start(void);

/* Proposes `count` payloads in one call, then delivers messages and completes writes until nothing
 * is left to do. The payloads are those of Payload.swift, numbered from `first` on.
 * Returns 0, or C-raft's error. */
int craft_cluster_propose(struct craft_cluster *cluster, uint64_t first, unsigned count);

/* Passes a heartbeat interval on the leader, then runs until idle: the last commit index arrives. */
void craft_cluster_heartbeat(struct craft_cluster *cluster);

/* How many payloads a server has applied, and a checksum over them in order. */
uint64_t craft_cluster_applied(const struct craft_cluster *cluster, int server);
uint64_t craft_cluster_checksum(const struct craft_cluster *cluster, int server);

/* Calls into C-raft so far: proposals, messages, completed writes and completed sends. */
uint64_t craft_cluster_calls(const struct craft_cluster *cluster);

#endif
