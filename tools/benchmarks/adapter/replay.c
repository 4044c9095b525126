/* An adapter that answers from a record: the process started as the Kth reads the file K, and the
 * request with the number N gets its line N, what it was answered when the record was made. It costs next to nothing, so what a run takes with
 * it is the suite's own.
 *
 *   replay FOLDER WINDOW CPU_FILE
 *
 * FOLDER holds the records, 1, 2, ... WINDOW is declared in place of the recorded one.
 * The CPU time used, in nanoseconds, is added to CPU_FILE at the end, a line a process: that is
 * taken off what the suite and its children have used together.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 1 << 16 };

struct line {
    const char *start;
    size_t length;
};

static struct line *answers;
static size_t answer_count;
static char *hello;

static void fail(const char *what)
{
    fprintf(stderr, "replay: %s: %s\n", what, errno ? strerror(errno) : "not as expected");
    exit(2);
}

static void *grown(void *memory, size_t size)
{
    void *result = realloc(memory, size);
    if (!result) fail("memory");
    return result;
}

static void load(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file) fail(path);
    char *text = NULL;
    size_t length = 0, room = 0;
    for (;;) {
        if (room - length < CHUNK) text = grown(text, room = 2 * room + CHUNK);
        size_t count = fread(text + length, 1, room - length, file);
        if (count == 0) break;
        length += count;
    }
    fclose(file);
    for (size_t start = 0; start < length;) {
        char *end = memchr(text + start, '\n', length - start);
        if (!end) fail("the record's last line has no end");
        if (answer_count % 1024 == 0)
            answers = grown(answers, (answer_count + 1024) * sizeof *answers);
        answers[answer_count].start = text + start;
        answers[answer_count++].length = (size_t)(end + 1 - (text + start));
        start = (size_t)(end + 1 - text);
    }
    if (answer_count == 0) fail("the record is empty");
}

/* The number of this process among those that read this folder, by the length of a file in it. */
static long own_number(const char *folder)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/started", folder);
    FILE *file = fopen(path, "a");
    if (!file || fputc('x', file) == EOF || fflush(file) != 0) fail(path);
    long number = ftell(file);
    fclose(file);
    return number;
}

/* Puts another window into the recorded introduction. */
static void declare(const char *window)
{
    static const char key[] = "\"window\":";
    struct line *first = &answers[0];
    hello = grown(NULL, first->length + strlen(window) + 1);
    char *place = memmem(first->start, first->length, key, sizeof key - 1);
    if (!place) fail("the record does not begin with the answer to hello");
    size_t head = (size_t)(place - first->start) + sizeof key - 1;
    size_t tail = head;
    while (tail < first->length && first->start[tail] >= '0' && first->start[tail] <= '9') tail++;
    memcpy(hello, first->start, head);
    strcpy(hello + head, window);
    size_t length = head + strlen(window);
    memcpy(hello + length, first->start + tail, first->length - tail);
    first->length = length + first->length - tail;
    first->start = hello;
}

static void put(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t count = write(STDOUT_FILENO, bytes, length);
        if (count < 0 && errno != EINTR) exit(0);
        if (count > 0) {
            bytes += count;
            length -= (size_t)count;
        }
    }
}

static void note_cpu(const char *path)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    FILE *file = fopen(path, "a");
    if (!file) fail(path);
    fprintf(file, "%lld\n", (long long)used.tv_sec * 1000000000 + used.tv_nsec);
    fclose(file);
}

int main(int argc, char **argv)
{
    if (argc != 4) fail("usage: replay FOLDER WINDOW CPU_FILE");
    char path[4096];
    snprintf(path, sizeof path, "%s/%ld", argv[1], own_number(argv[1]));
    load(path);
    declare(argv[2]);
    char *unread = NULL, *out = NULL;
    size_t length = 0, room = 0, out_room = 0;
    for (int goes_on = 1; goes_on;) {
        if (room - length < CHUNK) unread = grown(unread, room = 2 * room + CHUNK);
        ssize_t count = read(STDIN_FILENO, unread + length, room - length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        length += (size_t)count;
        size_t start = 0, written = 0;
        char *end;
        while (goes_on && (end = memchr(unread + start, '\n', length - start))) {
            /* The suite writes the number first: {"id":7,"op":... */
            const char *line = unread + start;
            unsigned long long id = strtoull(line + 6, NULL, 10);
            char bye[48];
            const char *answer;
            size_t size;
            if (memmem(line, (size_t)(end - line), "\"op\":\"bye\"", 10)) {
                size = (size_t)snprintf(bye, sizeof bye, "{\"id\":%llu,\"ok\":{}}\n", id);
                answer = bye;
                goes_on = 0;
            } else {
                if (id == 0 || id > answer_count) fail("a request beyond the record");
                answer = answers[id - 1].start;
                size = answers[id - 1].length;
            }
            if (out_room - written < size) out = grown(out, out_room = 2 * (written + size));
            memcpy(out + written, answer, size);
            written += size;
            start = (size_t)(end + 1 - unread);
        }
        put(out, written);
        memmove(unread, unread + start, length - start);
        length -= start;
    }
    note_cpu(argv[3]);
    return 0;
}
