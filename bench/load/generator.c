/* The load generator: many clients of one server in one epoll thread.
 *
 * It speaks y-websocket, hocuspocus and, towards the floors, plain frames. An operation is a Yjs
 * insert built by hand; it is sent at its scheduled time whatever the server does (open loop,
 * Poisson) and is timed from that moment to its arrival at every other client. Client ids and
 * clocks are read out of the updates that arrive, so merged updates count right and an echo never
 * counts as a delivery. One line of JSON per step on standard output.
 *
 * Usage: generator MODE KEY=VALUE... ; see `options`. The clients are read from a file, one per
 * line: ROOM PATH DOCUMENT TOKEN [PORT], with `-` for what is not there; without a port it is the
 * one given.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

enum { CLOSED, CONNECTING, UPGRADING, SYNCING, READY };
enum { Y_WEBSOCKET, HOCUSPOCUS, FLOOR };
enum { SETUP_CLOCKS = 3, STEPS_MAX = 64, READ_BYTES = 1 << 20, FRAME_BYTES_MAX = 64 << 20 };

/* ---- options ---------------------------------------------------------------------------- */

static struct {
    const char *mode, *clients, *root;
    int port, protocol, chars, typists, at_once, pid, slow, keep;
    u32 base;
    u64 seed;
    double rates[STEPS_MAX];
    int steps;
    double warm_s, window_s, drain_s, connect_s, limit_ms, settle_s;
    size_t bytes_min;
} o = {
    .root = "benefit", .chars = 1, .at_once = 32, .warm_s = 1, .window_s = 5, .drain_s = 5,
    .connect_s = 60, .limit_ms = 0, .base = 0x80000000u, .seed = 1, .slow = -1,
};

static void die(const char *format, ...) {
    va_list list;
    va_start(list, format);
    fputs("generator: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    exit(2);
}

static bool given(const char *word, const char *key, const char **value) {
    size_t length = strlen(key);
    if (strncmp(word, key, length) || word[length] != '=') return false;
    *value = word + length + 1;
    return true;
}

static void options(int count, char **words) {
    if (count < 2) die("usage: generator type|join|clocks KEY=VALUE...");
    o.mode = words[1];
    for (int i = 2; i < count; i++) {
        const char *value, *word = words[i];
        if (given(word, "port", &value)) o.port = atoi(value);
        else if (given(word, "clients", &value)) o.clients = value;
        else if (given(word, "root", &value)) o.root = value;
        else if (given(word, "protocol", &value))
            o.protocol = !strcmp(value, "hocuspocus") ? HOCUSPOCUS : !strcmp(value, "floor") ? FLOOR : Y_WEBSOCKET;
        else if (given(word, "chars", &value)) o.chars = atoi(value);       /* letters of one insert */
        else if (given(word, "typists", &value)) o.typists = atoi(value);   /* per room; 0 is everybody */
        else if (given(word, "at_once", &value)) o.at_once = atoi(value);   /* connections being opened */
        else if (given(word, "pid", &value)) o.pid = atoi(value);           /* the server, for CPU and RSS */
        else if (given(word, "slow", &value)) o.slow = atoi(value);         /* this client never reads */
        else if (given(word, "keep", &value)) o.keep = atoi(value);         /* go on until all are closed */
        else if (given(word, "base", &value)) o.base = (u32)strtoul(value, NULL, 10);
        else if (given(word, "seed", &value)) o.seed = strtoull(value, NULL, 10);
        else if (given(word, "warm", &value)) o.warm_s = atof(value);
        else if (given(word, "window", &value)) o.window_s = atof(value);
        else if (given(word, "drain", &value)) o.drain_s = atof(value);
        else if (given(word, "connect", &value)) o.connect_s = atof(value);
        else if (given(word, "limit_ms", &value)) o.limit_ms = atof(value); /* a step beyond it is the last */
        else if (given(word, "settle", &value)) o.settle_s = atof(value);
        else if (given(word, "bytes_min", &value)) o.bytes_min = strtoull(value, NULL, 10);
        else if (given(word, "rates", &value)) {                            /* inserts/s of each typist, by step */
            for (char *at = (char *)value; *at && o.steps < STEPS_MAX; at += *at == ',')
                o.rates[o.steps++] = strtod(at, &at);
        } else die("unknown option %s", word);
    }
    if (!o.port || !o.clients) die("port and clients are needed");
}

/* ---- time, dice, figures ---------------------------------------------------------------- */

static u64 now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

static u64 seconds(double s) { return (u64)(s * 1e9); }

static u64 dice;
static u64 roll(void) { /* splitmix64 */
    u64 z = (dice += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static double unit(void) { return ((double)(roll() >> 11) + 0.5) / 9007199254740992.0; }

/* Microseconds in logarithmic buckets, each 1/64 wide. */
enum { BUCKETS = 64 * 40 };
typedef struct { u64 count[BUCKETS], total, max; double sum; } Histogram;

static int bucket(u64 us) {
    if (us < 64) return (int)us;
    int e = 63 - __builtin_clzll(us);
    int b = (e - 5) * 64 + (int)((us >> (e - 6)) & 63);
    return b < BUCKETS ? b : BUCKETS - 1;
}

static double middle(int b) {
    if (b < 64) return b + 0.5;
    int e = b / 64 + 5;
    double width = (double)(1ull << (e - 6));
    return (double)(64 + b % 64) * width + width / 2;
}

static void note(Histogram *h, u64 ns) {
    u64 us = ns / 1000;
    h->count[bucket(us)]++;
    h->total++;
    h->sum += (double)us;
    if (us > h->max) h->max = us;
}

static double quantile_ms(const Histogram *h, double q) {
    if (!h->total) return 0;
    u64 rank = (u64)ceil(q * (double)h->total), seen = 0;
    for (int b = 0; b < BUCKETS; b++)
        if ((seen += h->count[b]) >= rank) return middle(b) / 1000;
    return (double)h->max / 1000;
}

/* What all threads of the server have used, in nanoseconds where the kernel tells, else in ticks. */
static double cpu_of_server_s(void) {
    if (!o.pid) return 0;
    char path[128], line[1024];
    snprintf(path, sizeof path, "/proc/%d/task", o.pid);
    DIR *tasks = opendir(path);
    u64 sum = 0;
    for (struct dirent *task; tasks && (task = readdir(tasks));) {
        if (task->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", o.pid, task->d_name);
        FILE *file = fopen(path, "r");
        unsigned long long ns = 0;
        if (file && fscanf(file, "%llu", &ns) == 1) sum += ns;
        if (file) fclose(file);
    }
    if (tasks) closedir(tasks);
    if (sum) return (double)sum / 1e9;
    snprintf(path, sizeof path, "/proc/%d/stat", o.pid);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    size_t n = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[n] = 0;
    char *at = strrchr(line, ')');
    unsigned long user = 0, kernel = 0;
    if (at) sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static long memory_of_server_kb(const char *field) {
    if (!o.pid) return 0;
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", o.pid);
    FILE *file = fopen(path, "r");
    long kb = 0;
    if (!file) return 0;
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, field, strlen(field))) sscanf(line + strlen(field), ": %ld", &kb);
    fclose(file);
    return kb;
}

static double cpu_of_self_s(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* ---- clients ---------------------------------------------------------------------------- */

typedef struct { u8 *data; size_t length, room; } Buffer;
typedef struct { u64 at; u32 end; bool counts; } Sent; /* waits for its acknowledgement */

typedef struct {
    int fd, state, room, place, index, port;
    bool types, is_setup, reads;
    const char *path, *document, *token;
    Buffer in, out;
    u64 begun_at, synced_at;
    size_t update_bytes;
    bool was_early;
    u32 clock, acked;    /* what this client has written; up to where the server confirmed it */
    u32 *known;          /* by place in the room: the clock up to which others' text has arrived */
    u32 unknown_setups;
    Sent *sent;          /* ring, hocuspocus only: acknowledgements come in order */
    u32 sent_from, sent_to, sent_room;
    u64 *scheduled;      /* by operation; the lowest bit tells whether it counts */
    u32 operations, operations_room;
} Client;

typedef struct { int *members, count, typists; } Room;

static Client *clients;
static Room *rooms;
static int client_count, room_count, epoll, open_count, ready_count, closed_count, begun_count;
static int timer;
static u8 *read_buffer;

static struct {
    u64 operations, expected, delivered, acks_expected, acks, refused, gaps;
    u64 frames, bytes, arrivals, closes;
    u64 last_at;
    Histogram latency, ack, lag;
} f;

static void reserve(Buffer *buffer, size_t more) {
    if (buffer->length + more <= buffer->room) return;
    size_t room = buffer->room ? buffer->room : 4096;
    while (room < buffer->length + more) room *= 2;
    buffer->data = realloc(buffer->data, room);
    if (!buffer->data) die("out of memory");
    buffer->room = room;
}

static void *zeroed(size_t count, size_t size) {
    void *memory = calloc(count ? count : 1, size);
    if (!memory) die("out of memory");
    return memory;
}

static void read_clients(void) {
    FILE *file = fopen(o.clients, "r");
    if (!file) die("cannot read %s", o.clients);
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, file) > 0) {
        int number, port = o.port;
        char path[512], document[256], token[256];
        if (sscanf(line, "%d %511s %255s %255s %d", &number, path, document, token, &port) < 4) continue;
        if (client_count % 1024 == 0) {
            clients = realloc(clients, sizeof *clients * (size_t)(client_count + 1024));
            if (!clients) die("out of memory");
        }
        Client *c = &clients[client_count];
        memset(c, 0, sizeof *c);
        *c = (Client){.fd = -1, .room = number, .index = client_count++, .port = port, .reads = true,
                      .path = strdup(path), .document = strdup(document), .token = strdup(token)};
        if (number >= room_count) room_count = number + 1;
    }
    free(line);
    fclose(file);
    rooms = zeroed((size_t)room_count, sizeof *rooms);
    for (int i = 0; i < client_count; i++) clients[i].place = rooms[clients[i].room].count++;
    for (int r = 0; r < room_count; r++) {
        rooms[r].members = zeroed((size_t)rooms[r].count, sizeof(int));
        rooms[r].typists = o.typists && o.typists < rooms[r].count ? o.typists : rooms[r].count;
    }
    bool is_typing = !strcmp(o.mode, "type");
    for (int i = 0; i < client_count; i++) {
        Client *c = &clients[i];
        Room *r = &rooms[c->room];
        r->members[c->place] = i;
        c->types = is_typing && c->place < r->typists && i != o.slow;
        c->known = zeroed((size_t)r->count, sizeof(u32));
    }
    if (o.slow >= 0 && o.slow < client_count) clients[o.slow].reads = false;
}

/* ---- frames ----------------------------------------------------------------------------- */

static void watch(Client *c, bool writes) {
    struct epoll_event event = {.events = EPOLLIN | (writes ? EPOLLOUT : 0u), .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event);
}

static void close_client(Client *c) {
    if (c->fd < 0) return;
    close(c->fd);
    c->fd = -1;
    if (c->state == READY) ready_count--;
    c->state = CLOSED;
    open_count--;
    closed_count++;
    f.closes++;
}

static void put(Client *c, const u8 *data, size_t length) {
    if (c->fd < 0) return;
    size_t done = 0;
    if (!c->out.length) {
        ssize_t n = send(c->fd, data, length, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
            close_client(c);
            return;
        }
        done = n > 0 ? (size_t)n : 0;
    }
    if (done < length) {
        if (!c->out.length) watch(c, true);
        reserve(&c->out, length - done);
        memcpy(c->out.data + c->out.length, data + done, length - done);
        c->out.length += length - done;
    }
}

static void put_waiting(Client *c) {
    ssize_t n = send(c->fd, c->out.data, c->out.length, MSG_NOSIGNAL);
    if (n < 0) {
        if (errno != EAGAIN && errno != EWOULDBLOCK) close_client(c);
        return;
    }
    memmove(c->out.data, c->out.data + n, c->out.length - (size_t)n);
    c->out.length -= (size_t)n;
    if (!c->out.length) watch(c, false);
}

static size_t put_uint(u8 *at, u64 value) {
    size_t n = 0;
    while (value > 127) {
        at[n++] = (u8)(0x80 | (value & 127));
        value >>= 7;
    }
    at[n++] = (u8)value;
    return n;
}

static size_t put_bytes(u8 *at, const void *data, size_t length) {
    size_t n = put_uint(at, length);
    memcpy(at + n, data, length);
    return n + length;
}

static void put_frame(Client *c, u8 opcode, const u8 *payload, size_t length) {
    static u8 frame[1 << 17];
    size_t n = 0;
    if (length > sizeof frame - 16) die("frame too big");
    frame[n++] = 0x80 | opcode;
    if (length < 126) frame[n++] = 0x80 | (u8)length;
    else if (length < 65536) {
        frame[n++] = 0x80 | 126;
        frame[n++] = (u8)(length >> 8);
        frame[n++] = (u8)length;
    } else {
        frame[n++] = 0x80 | 127;
        for (int shift = 56; shift >= 0; shift -= 8) frame[n++] = (u8)((u64)length >> shift);
    }
    u32 key = (u32)roll();
    u8 *mask = frame + n;
    memcpy(mask, &key, 4);
    n += 4;
    for (size_t i = 0; i < length; i++) frame[n + i] = payload[i] ^ mask[i & 3];
    put(c, frame, n + length);
}

/* A sync message; in hocuspocus' protocol the document's name stands before it. */
static void put_sync(Client *c, u8 subtype, const u8 *payload, size_t length) {
    static u8 message[1 << 16];
    size_t n = 0;
    if (o.protocol == HOCUSPOCUS) n = put_bytes(message, c->document, strlen(c->document));
    message[n++] = 0;
    message[n++] = subtype;
    n += put_bytes(message + n, payload, length);
    put_frame(c, 2, message, n);
}

static void expect_ack(Client *c, u64 at, u32 end, bool counts) {
    if (o.protocol != HOCUSPOCUS) return;
    if (c->sent_to - c->sent_from == c->sent_room) {
        u32 room = c->sent_room ? c->sent_room * 2 : 16;
        Sent *sent = zeroed(room, sizeof *sent);
        for (u32 i = c->sent_from; i != c->sent_to; i++) sent[i % room] = c->sent[i % c->sent_room];
        free(c->sent);
        c->sent = sent;
        c->sent_room = room;
    }
    c->sent[c->sent_to++ % c->sent_room] = (Sent){at, end, counts};
}

static u32 id_of(const Client *c) { return o.base + (u32)c->index; }

/* A paragraph with a text that begins with one letter: clocks 0, 1 and 2. */
static void put_setup(Client *c) {
    u8 u[512];
    size_t n = 0;
    u[n++] = 1;
    u[n++] = SETUP_CLOCKS;
    n += put_uint(u + n, id_of(c));
    u[n++] = 0;
    u[n++] = 7; u[n++] = 1;
    n += put_bytes(u + n, o.root, strlen(o.root));
    u[n++] = 3;
    n += put_bytes(u + n, "paragraph", 9);
    u[n++] = 7; u[n++] = 0;
    n += put_uint(u + n, id_of(c));
    u[n++] = 0;
    u[n++] = 6;
    u[n++] = 4; u[n++] = 0;
    n += put_uint(u + n, id_of(c));
    u[n++] = 1;
    n += put_bytes(u + n, "a", 1);
    u[n++] = 0;
    c->clock = SETUP_CLOCKS;
    expect_ack(c, 0, c->clock, false);
    put_sync(c, 2, u, n);
}

/* The next letters, behind this client's own last one. */
static void put_insert(Client *c, u64 scheduled, bool counts) {
    static u8 u[1 << 16];
    static char letters[1 << 15];
    size_t n = 0;
    if (!letters[0]) memset(letters, 'x', sizeof letters);
    u[n++] = 1;
    u[n++] = 1;
    n += put_uint(u + n, id_of(c));
    n += put_uint(u + n, c->clock);
    u[n++] = 0x80 | 4;
    n += put_uint(u + n, id_of(c));
    n += put_uint(u + n, c->clock - 1);
    n += put_bytes(u + n, letters, (size_t)o.chars);
    u[n++] = 0;
    if (c->operations == c->operations_room) {
        c->operations_room = c->operations_room ? c->operations_room * 2 : 64;
        c->scheduled = realloc(c->scheduled, c->operations_room * sizeof(u64));
        if (!c->scheduled) die("out of memory");
    }
    c->scheduled[c->operations++] = (scheduled & ~1ull) | counts;
    c->clock += (u32)o.chars;
    expect_ack(c, scheduled, c->clock, counts);
    put_sync(c, 2, u, n);
}

/* ---- what arrives ----------------------------------------------------------------------- */

typedef struct { const u8 *at, *end; bool bad; } Reader;

static u64 take_uint(Reader *r) {
    u64 value = 0;
    for (int shift = 0; r->at < r->end && shift < 63; shift += 7) {
        u8 byte = *r->at++;
        value |= (u64)(byte & 127) << shift;
        if (byte < 128) return value;
    }
    r->bad = true;
    return 0;
}

static Reader take_bytes(Reader *r) {
    u64 length = take_uint(r);
    if (length > (u64)(r->end - r->at)) {
        r->bad = true;
        length = 0;
    }
    Reader inside = {r->at, r->at + length, false};
    r->at += length;
    return inside;
}

static u32 utf16_length(Reader text) {
    u32 n = 0;
    for (const u8 *at = text.at; at < text.end; at++) n += (*at & 0xC0) != 0x80 ? 1 + (*at >= 0xF0) : 0;
    return n;
}

static void skip_any(Reader *r, int depth) {
    u8 kind = r->at < r->end ? *r->at++ : 0;
    if (depth > 32 || !kind) r->bad = true;
    else if (kind == 125) { while (r->at < r->end && *r->at++ > 127); }
    else if (kind == 124) r->at += 4;
    else if (kind == 123 || kind == 122) r->at += 8;
    else if (kind == 119 || kind == 116) take_bytes(r);
    else if (kind == 118 || kind == 117) {
        for (u64 n = take_uint(r); n && !r->bad; n--) {
            if (kind == 118) take_bytes(r);
            skip_any(r, depth + 1);
        }
    }
    if (r->at > r->end) r->bad = true;
}

/* The length of a struct in clocks. */
static u32 take_struct(Reader *r, bool *is_skip) {
    u8 info = r->at < r->end ? *r->at++ : 255, kind = info & 31;
    *is_skip = kind == 10;
    if (info == 0 || kind == 10) return (u32)take_uint(r);
    if (info & 0x80) { take_uint(r); take_uint(r); }
    if (info & 0x40) { take_uint(r); take_uint(r); }
    if (!(info & 0xC0)) {
        if (take_uint(r) == 1) take_bytes(r);
        else { take_uint(r); take_uint(r); }
        if (info & 0x20) take_bytes(r);
    }
    switch (kind) {
    case 1: return (u32)take_uint(r);
    case 4: return utf16_length(take_bytes(r));
    case 5: take_bytes(r); return 1;
    case 6: take_bytes(r); take_bytes(r); return 1;
    case 7: {
        u64 ref = take_uint(r);
        if (ref == 3 || ref == 5) take_bytes(r);
        return 1;
    }
    case 8: {
        u64 n = take_uint(r);
        for (u64 i = 0; i < n && !r->bad; i++) skip_any(r, 0);
        return (u32)n;
    }
    default: r->bad = true; return 0;
    }
}

/* Operation k of a client ends at SETUP_CLOCKS + (k + 1) * chars. */
static u32 operations_until(u32 clock) {
    return clock <= SETUP_CLOCKS ? 0 : (clock - SETUP_CLOCKS) / (u32)o.chars;
}

static void arrived(Client *c, Client *from, u32 start, u32 end, u64 now) {
    u32 known = c->known[from->place];
    if (end <= known) return;
    if (start > known && c != from) f.gaps += start - known;
    c->known[from->place] = end;
    if (known < SETUP_CLOCKS && end >= SETUP_CLOCKS && from->types && from != c) c->unknown_setups--;
    u32 first = operations_until(start > known ? start : known), last = operations_until(end);
    if (last > from->operations) last = from->operations;
    if (c == from) {
        if (o.protocol != HOCUSPOCUS) {
            c->acked = end;
            for (u32 k = first; k < last; k++)
                if (c->scheduled[k] & 1) {
                    f.acks++;
                    note(&f.ack, now - c->scheduled[k]);
                }
        }
        return;
    }
    f.arrivals += last - first;
    for (u32 k = first; k < last; k++)
        if (from->scheduled[k] & 1) {
            f.delivered++;
            note(&f.latency, now - from->scheduled[k]);
        }
    if (last > first) f.last_at = now;
}

static void take_update(Client *c, Reader r, u64 now) {
    for (u64 blocks = take_uint(&r); blocks && !r.bad; blocks--) {
        u64 structs = take_uint(&r);
        u64 id = take_uint(&r) - o.base;
        u32 clock = (u32)take_uint(&r);
        Client *from = id < (u64)client_count && clients[id].room == c->room ? &clients[id] : NULL;
        u32 start = clock;
        for (; structs && !r.bad; structs--) {
            bool is_skip;
            u32 length = take_struct(&r, &is_skip);
            if (is_skip) {
                if (from && clock > start) arrived(c, from, start, clock, now);
                start = clock + length;
            }
            clock += length;
        }
        if (from && clock > start && !r.bad) arrived(c, from, start, clock, now);
    }
    if (r.bad) die("an update that cannot be read");
}

static void synced(Client *c, u64 now) {
    if (c->state == READY) return;
    c->state = READY;
    c->synced_at = now;
    ready_count++;
    if (c->types && o.protocol != FLOOR) put_setup(c);
    if (o.protocol == FLOOR) {
        c->clock = SETUP_CLOCKS;
        for (int i = 0; i < rooms[c->room].count; i++) c->known[i] = SETUP_CLOCKS;
        c->unknown_setups = 0;
    }
    if (!c->reads) epoll_ctl(epoll, EPOLL_CTL_DEL, c->fd, NULL);
}

static void take_sync(Client *c, Reader *r, u64 now) {
    static const u8 nothing[2] = {0, 0};
    u64 subtype = take_uint(r);
    Reader body = take_bytes(r);
    if (subtype == 0) {
        expect_ack(c, 0, c->clock, false);
        put_sync(c, 1, nothing, 2);
        return;
    }
    c->update_bytes += (size_t)(body.end - body.at);
    if (o.bytes_min == 0 || !strcmp(o.mode, "clocks")) take_update(c, body, now);
    if (c->state == SYNCING) {
        if (c->update_bytes >= o.bytes_min) synced(c, now);
        else c->was_early |= subtype == 1;
    }
}

static void take_ack(Client *c, u64 value, u64 now) {
    if (c->sent_from == c->sent_to) {
        f.gaps++;
        return;
    }
    Sent sent = c->sent[c->sent_from++ % c->sent_room];
    if (value != 1) {
        f.refused++;
        return;
    }
    c->acked = sent.end;
    if (sent.counts) {
        f.acks++;
        note(&f.ack, now - sent.at);
    }
}

static void take_message(Client *c, Reader r, u64 now) {
    if (o.protocol == HOCUSPOCUS) {
        if (r.end - r.at == 1 && *r.at == 9) return;
        take_bytes(&r);
    }
    u64 type = take_uint(&r);
    if (type == 0 || type == 4) take_sync(c, &r, now);
    else if (type == 2 && r.at < r.end && *r.at == (o.protocol == HOCUSPOCUS)) {
        take_uint(&r);
        Reader reason = take_bytes(&r);
        fprintf(stderr, "generator: client %d was denied: %.*s\n", c->index, (int)(reason.end - reason.at), reason.at);
        close_client(c);
    } else if (type == 8 && o.protocol == HOCUSPOCUS) take_ack(c, take_uint(&r), now);
}

/* Takes one frame off the front; how many bytes it had, 0 if it is not whole yet. */
static size_t take_frame(Client *c, const u8 *data, size_t length, u64 now) {
    if (length < 2) return 0;
    size_t at = 2;
    u64 size = data[1] & 127;
    if (size == 126) {
        if (length < 4) return 0;
        size = (u64)data[2] << 8 | data[3];
        at = 4;
    } else if (size == 127) {
        if (length < 10) return 0;
        size = 0;
        for (int i = 2; i < 10; i++) size = size << 8 | data[i];
        at = 10;
    }
    if (size > FRAME_BYTES_MAX) die("a frame of %llu bytes", (unsigned long long)size);
    if (length < at + size) return 0;
    u8 opcode = data[0] & 15;
    if (!(data[0] & 0x80) || opcode == 0) die("fragmented frames are not understood");
    if (opcode == 2) {
        f.frames++;
        take_message(c, (Reader){data + at, data + at + size, false}, now);
    } else if (opcode == 9) put_frame(c, 10, data + at, (size_t)size);
    else if (opcode == 8) {
        int code = size >= 2 ? data[at] << 8 | data[at + 1] : 0;
        if (!o.keep)
            fprintf(stderr, "generator: client %d was closed: %d %.*s\n", c->index, code, size > 2 ? (int)size - 2 : 0, data + at + 2);
        close_client(c);
    }
    return at + (size_t)size;
}

static size_t take_upgrade(Client *c, const u8 *data, size_t length, u64 now) {
    const u8 *end = memmem(data, length, "\r\n\r\n", 4);
    if (!end) return 0;
    if (length < 12 || memcmp(data + 9, "101", 3)) die("the upgrade was refused: %.*s", (int)(end - data), data);
    c->state = SYNCING;
    if (o.protocol == FLOOR) {
        synced(c, now);
    } else {
        static const u8 nothing_known[1] = {0};
        if (o.protocol == HOCUSPOCUS) {
            u8 message[1024];
            size_t n = put_bytes(message, c->document, strlen(c->document));
            message[n++] = 2;
            message[n++] = 0;
            n += put_bytes(message + n, c->token, strlen(c->token));
            put_frame(c, 2, message, n);
        }
        put_sync(c, 0, nothing_known, 1);
    }
    return (size_t)(end + 4 - data);
}

static void take_input(Client *c) {
    ssize_t n = recv(c->fd, read_buffer, READ_BYTES, 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n <= 0) {
        close_client(c);
        return;
    }
    u64 now = now_ns();
    f.bytes += (u64)n;
    const u8 *data = read_buffer;
    size_t length = (size_t)n, at = 0;
    if (c->in.length) {
        reserve(&c->in, length);
        memcpy(c->in.data + c->in.length, read_buffer, length);
        c->in.length += length;
        data = c->in.data;
        length = c->in.length;
    }
    while (c->fd >= 0 && at < length) {
        size_t used = c->state == UPGRADING ? take_upgrade(c, data + at, length - at, now) : take_frame(c, data + at, length - at, now);
        if (!used) break;
        at += used;
    }
    size_t rest = length - at;
    if (data == read_buffer) {
        if (rest) {
            reserve(&c->in, rest);
            memcpy(c->in.data, data + at, rest);
        }
    } else memmove(c->in.data, c->in.data + at, rest);
    c->in.length = rest;
}

/* ---- connections ------------------------------------------------------------------------ */

static void begin_client(Client *c) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    if (fd < 0) die("socket: %s", strerror(errno));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (!c->reads) {
        int little = 4096;
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
    }
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)c->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    c->fd = fd;
    c->state = CONNECTING;
    c->begun_at = now_ns();
    open_count++;
    begun_count++;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) die("connect: %s", strerror(errno));
}

static void connected(Client *c) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) die("connect: %s", strerror(error));
    char request[2048];
    int n = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: YSBub25jZSBvZiBieXRlcw==\r\nSec-WebSocket-Version: 13\r\n", c->path, c->port);
    if (strcmp(c->token, "-")) n += snprintf(request + n, sizeof request - (size_t)n, "Authorization: Bearer %s\r\n", c->token);
    n += snprintf(request + n, sizeof request - (size_t)n, "\r\n");
    c->state = UPGRADING;
    watch(c, false);
    put(c, (u8 *)request, (size_t)n);
}

static void turn(int timeout_ms) {
    static struct epoll_event events[512];
    int n = epoll_wait(epoll, events, 512, timeout_ms);
    for (int i = 0; i < n; i++) {
        Client *c = events[i].data.ptr;
        if (!c) { /* the timer */
            u64 times;
            if (read(timer, &times, sizeof times) < 0) continue;
        }
        if (!c || c->fd < 0) continue;
        if (c->state == CONNECTING) {
            if (events[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) connected(c);
            continue;
        }
        if (events[i].events & EPOLLOUT && c->out.length) put_waiting(c);
        if (c->fd >= 0 && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) take_input(c);
    }
}

/* One turn that lasts until `deadline` at most; a timer, because epoll counts milliseconds only. */
static void turn_until(u64 deadline) {
    u64 now = now_ns();
    if (deadline <= now) {
        turn(0);
        return;
    }
    struct itimerspec at = {.it_value = {.tv_sec = (time_t)(deadline / 1000000000u), .tv_nsec = (long)(deadline % 1000000000u)}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
    turn(50);
}

static u32 setups_missing(void) {
    u32 missing = 0;
    for (int i = 0; i < client_count; i++)
        if (clients[i].fd >= 0 && clients[i].reads) missing += clients[i].unknown_setups;
    return missing;
}

static void connect_all(int count, bool one_per_room) {
    u64 deadline = now_ns() + seconds(o.connect_s);
    int next = 0, wanted = 0;
    for (int i = 0; i < client_count; i++) {
        Client *c = &clients[i];
        for (int p = 0; p < rooms[c->room].count; p++)
            c->unknown_setups += p != c->place && clients[rooms[c->room].members[p]].types;
    }
    while (now_ns() < deadline) {
        while (next < count && begun_count - ready_count - closed_count < o.at_once) {
            Client *c = &clients[next++];
            if (one_per_room && c->place) continue;
            begin_client(c);
            wanted++;
        }
        turn(next < count ? 1 : 20);
        if (closed_count) die("%d of %d connections were closed while connecting", closed_count, wanted);
        if (next == count && ready_count == wanted) return;
    }
    die("only %d of %d clients were synced within %g s", ready_count, wanted, o.connect_s);
}

static void settle(double s) {
    u64 end = now_ns() + seconds(s);
    while (now_ns() < end) turn_until(end);
}

/* ---- modes ------------------------------------------------------------------------------ */

static void print_array(const char *name, bool acked) {
    printf(",\"%s\":[", name);
    for (int i = 0; i < client_count; i++) printf("%s%u", i ? "," : "", acked ? clients[i].acked : clients[i].clock);
    printf("]");
}

static int typist_list(int **list) {
    int n = 0;
    *list = zeroed((size_t)client_count, sizeof(int));
    for (int i = 0; i < client_count; i++)
        if (clients[i].types) (*list)[n++] = i;
    return n;
}

static int readers_of(const Client *c) {
    int n = 0;
    for (int p = 0; p < rooms[c->room].count; p++) n += clients[rooms[c->room].members[p]].reads;
    return n - 1;
}

static bool all_arrived(void) {
    bool acks_come = o.protocol != FLOOR;
    return f.delivered >= f.expected && (!acks_come || f.acks + f.refused >= f.acks_expected);
}

/* One step: warm up, measure, wait until everything has arrived. True if it held the limit. */
static bool run_step(double rate, const int *typists, int count) {
    double gap_ns = 1e9 / (rate * count);
    u64 start = now_ns(), from = start + seconds(o.warm_s), to = from + seconds(o.window_s), next = start;
    memset(&f, 0, sizeof f);
    bool is_measuring = false;
    double cpu = 0, own_cpu = 0;
    u64 arrivals = 0, frames = 0, bytes = 0;
    for (;;) {
        u64 now = now_ns();
        if (!is_measuring && now >= from) {
            is_measuring = true;
            cpu = cpu_of_server_s();
            own_cpu = cpu_of_self_s();
            arrivals = f.arrivals, frames = f.frames, bytes = f.bytes;
        }
        if (now >= to || ready_count == 0) break;
        for (int burst = 0; burst < 64 && next <= now && next < to; burst++) {
            Client *c = &clients[typists[roll() % (u64)count]];
            bool counts = next >= from;
            if (c->fd >= 0) {
                put_insert(c, next, counts);
                if (counts) {
                    f.operations++;
                    f.acks_expected += o.protocol != FLOOR;
                    f.expected += (u64)readers_of(c);
                    note(&f.lag, now_ns() - next);
                }
            } else if (counts) f.expected += (u64)readers_of(c); /* its text is lost to the others */
            next += (u64)(-log(unit()) * gap_ns);
        }
        turn_until(next < to ? next : to);
    }
    double measured_own = (cpu_of_self_s() - own_cpu) / o.window_s;
    u64 deadline = now_ns() + seconds(o.drain_s);
    while (!all_arrived() && now_ns() < deadline && ready_count) turn_until(now_ns() + 5000000);
    u64 end = now_ns();
    double span = (double)(end - from) / 1e9;
    double p99 = quantile_ms(&f.latency, 0.99);
    printf("{\"event\":\"step\",\"rate\":%g,\"clients\":%d,\"window_s\":%g,\"span_s\":%.4f,\"operations\":%llu,"
           "\"expected\":%llu,\"delivered\":%llu,\"acks_expected\":%llu,\"acks\":%llu,\"refused\":%llu,\"gaps\":%llu,"
           "\"closed\":%llu,\"arrivals\":%llu,\"frames\":%llu,\"bytes\":%llu,"
           "\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"mean_ms\":%.3f,"
           "\"ack_p50_ms\":%.3f,\"ack_p99_ms\":%.3f,\"ack_max_ms\":%.3f,\"lag_p50_ms\":%.3f,\"lag_p99_ms\":%.3f,"
           "\"generator_cpu\":%.3f,\"server_cpu_s\":%.3f,\"rss_kb\":%ld,\"rss_peak_kb\":%ld,\"until_s\":%.4f",
           rate, client_count, o.window_s, span, (unsigned long long)f.operations, (unsigned long long)f.expected,
           (unsigned long long)f.delivered, (unsigned long long)f.acks_expected, (unsigned long long)f.acks,
           (unsigned long long)f.refused, (unsigned long long)f.gaps, (unsigned long long)f.closes,
           (unsigned long long)(f.arrivals - arrivals), (unsigned long long)(f.frames - frames),
           (unsigned long long)(f.bytes - bytes), quantile_ms(&f.latency, 0.5), quantile_ms(&f.latency, 0.9), p99,
           (double)f.latency.max / 1000, f.latency.total ? f.latency.sum / (double)f.latency.total / 1000 : 0,
           quantile_ms(&f.ack, 0.5), quantile_ms(&f.ack, 0.99), (double)f.ack.max / 1000, quantile_ms(&f.lag, 0.5),
           quantile_ms(&f.lag, 0.99), measured_own, cpu_of_server_s() - cpu, memory_of_server_kb("VmRSS"),
           memory_of_server_kb("VmHWM"), (double)end / 1e9);
    if (o.keep) {
        print_array("sent", false);
        print_array("acked", true);
    }
    printf("}\n");
    fflush(stdout);
    return all_arrived() && !f.refused && (!o.limit_ms || p99 <= o.limit_ms);
}

static void type_mode(void) {
    int *typists, count = typist_list(&typists);
    u64 deadline = now_ns() + seconds(o.connect_s);
    connect_all(client_count, false);
    while (setups_missing()) {
        if (now_ns() > deadline) die("the clients did not see each other within %g s", o.connect_s);
        turn(10);
    }
    for (int step = 0; step < o.steps; step++) {
        settle(0.3);
        if (o.keep) {
            puts("{\"event\":\"typing\"}");
            fflush(stdout);
        }
        bool held = run_step(o.rates[step], typists, count);
        if (!held && o.limit_ms) { /* once more: it may have been a hiccup of the machine */
            settle(0.3);
            held = run_step(o.rates[step], typists, count);
        }
        if (!held) break;
    }
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void join_mode(void) {
    int tenth = client_count / 10;
    long before = memory_of_server_kb("VmRSS"), all = 0;
    double cpu = cpu_of_server_s();
    if (o.settle_s > 0 && tenth) { /* idle: memory between the first tenth and all */
        connect_all(tenth, false);
        settle(o.settle_s);
        before = memory_of_server_kb("VmRSS");
    }
    u64 start = now_ns(), deadline = start + seconds(o.connect_s);
    double own_cpu = cpu_of_self_s();
    int next = begun_count;
    while (ready_count < client_count) {
        while (next < client_count && begun_count - ready_count < o.at_once) begin_client(&clients[next++]);
        turn(next < client_count ? 1 : 20);
        if (closed_count) die("%d connections were closed while joining", closed_count);
        if (now_ns() > deadline) die("only %d of %d clients were synced within %g s", ready_count, client_count, o.connect_s);
    }
    u64 end = now_ns();
    own_cpu = (cpu_of_self_s() - own_cpu) / ((double)(end - start) / 1e9);
    double *each = zeroed((size_t)client_count, sizeof(double));
    int early = 0;
    for (int i = 0; i < client_count; i++) {
        each[i] = (double)(clients[i].synced_at - clients[i].begun_at) / 1e6;
        early += clients[i].was_early;
    }
    qsort(each, (size_t)client_count, sizeof(double), by_size);
    double used = cpu_of_server_s() - cpu;
    if (o.settle_s > 0) settle(o.settle_s);
    all = memory_of_server_kb("VmRSS");
    printf("{\"event\":\"joined\",\"clients\":%d,\"all_ms\":%.3f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"early\":%d,"
           "\"bytes\":%llu,\"server_cpu_s\":%.3f,\"rss_before_kb\":%ld,\"rss_kb\":%ld,\"measured_clients\":%d,"
           "\"generator_cpu\":%.3f}\n",
           client_count, (double)(end - start) / 1e6, each[client_count / 2], each[(int)(0.99 * (client_count - 1))], early,
           (unsigned long long)f.bytes, used, before, all, client_count - (o.settle_s > 0 ? tenth : 0), own_cpu);
    fflush(stdout);
}

static void clocks_mode(void) {
    connect_all(client_count, true);
    settle(o.settle_s);
    printf("{\"event\":\"clocks\",\"stored\":[");
    for (int i = 0; i < client_count; i++) {
        Client *reader = &clients[rooms[clients[i].room].members[0]];
        printf("%s%u", i ? "," : "", reader->known[clients[i].place]);
    }
    printf("]}\n");
}

int main(int count, char **words) {
    options(count, words);
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    dice = o.seed * 0x2545F4914F6CDD1Du + 1;
    read_buffer = zeroed(READ_BYTES, 1);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event);
    read_clients();
    if (!client_count) die("no clients in %s", o.clients);
    if (o.chars < 1 || o.chars > 20000) die("chars must be 1 to 20000");
    if (!strcmp(o.mode, "type")) type_mode();
    else if (!strcmp(o.mode, "join")) join_mode();
    else if (!strcmp(o.mode, "clocks")) clocks_mode();
    else die("unknown mode %s", o.mode);
    return 0;
}
