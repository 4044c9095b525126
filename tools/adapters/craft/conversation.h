/* The capabilities of this adapter, as `Spec/Capabilities.yaml` names them. Of the others, C-raft
 * has no `lapse` (a follower believes in its leader until its own timer fires) and no limits of an
 * append, and writes term and vote before it goes on. */
#ifndef CONVERSATION_H
#define CONVERSATION_H

#define CAPABILITIES                                                                          \
  "messages", "clock", "timeout", "election", "campaign", "heartbeat.beat", "pre-vote",       \
      "check-quorum", "responses.unsolicited", "links.duplicate", "links.reorder", "propose", \
      "results", "log.read", "votedFor.read", "ledger.read", "storage.async.entries",         \
      "storage.fault", "crash", "crash.points", "disk.wipe"

/* The most requests that may be on their way unanswered. */
enum { window = 64 };

#endif
