/* The floor: hands every frame to the others on the same path, one write per frame and receiver.
 *
 * No document, no rights, no storage: what the sockets of this machine cost by themselves. It is
 * only for the generator, so it answers any upgrade and does not compute Sec-WebSocket-Accept.
 * Usage: floor PORT
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

typedef uint8_t u8;

enum { CONNECTIONS_MAX = 8192, WAITING_MAX = 64 << 20, READ_BYTES = 1 << 16 };

typedef struct { u8 *data; size_t length, room; } Buffer;
typedef struct { int fd, room, place; bool is_open; Buffer in, out; } Connection;
typedef struct { char path[256]; int *members, count, room; } Room;

static Connection connections[CONNECTIONS_MAX];
static Room *rooms[4096];
static int room_count, epoll;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void append(Buffer *b, const u8 *data, size_t length) {
    if (b->length + length > b->room) {
        while (b->length + length > b->room) b->room = b->room ? b->room * 2 : 4096;
        if (!(b->data = realloc(b->data, b->room))) fail("realloc");
    }
    memcpy(b->data + b->length, data, length);
    b->length += length;
}

static void watch(Connection *c, bool writes) {
    struct epoll_event event = {.events = EPOLLIN | (writes ? EPOLLOUT : 0u), .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event);
}

static void put(Connection *c, const u8 *data, size_t length) {
    ssize_t n = c->out.length ? 0 : send(c->fd, data, length, MSG_NOSIGNAL);
    if (n < 0) n = 0;
    if ((size_t)n == length) return;
    if (!c->out.length) watch(c, true);
    if (c->out.length < WAITING_MAX) append(&c->out, data + n, length - (size_t)n);
}

static void leave(Connection *c) {
    if (c->room >= 0) {
        Room *r = rooms[c->room];
        int last = r->members[--r->count];
        r->members[c->place] = last;
        connections[last].place = c->place;
    }
    close(c->fd);
    free(c->in.data);
    free(c->out.data);
    memset(c, 0, sizeof *c);
}

static void enter(Connection *c, const char *path) {
    int found = 0;
    while (found < room_count && strcmp(rooms[found]->path, path)) found++;
    if (found == room_count) {
        if (room_count == 4096) fail("too many rooms");
        rooms[room_count] = calloc(1, sizeof(Room));
        if (!rooms[room_count]) fail("calloc");
        snprintf(rooms[room_count++]->path, sizeof rooms[0]->path, "%s", path);
    }
    Room *r = rooms[found];
    if (r->count == r->room) {
        r->room = r->room ? r->room * 2 : 4;
        r->members = realloc(r->members, (size_t)r->room * sizeof(int));
        if (!r->members) fail("realloc");
    }
    c->room = found;
    c->place = r->count;
    r->members[r->count++] = (int)(c - connections);
}

static size_t upgrade(Connection *c) {
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    u8 *end = memmem(c->in.data, c->in.length, "\r\n\r\n", 4);
    char path[256];
    if (!end) return 0;
    *end = 0;
    if (sscanf((char *)c->in.data, "GET %255s", path) != 1) path[0] = 0;
    enter(c, path);
    c->is_open = true;
    put(c, (const u8 *)answer, sizeof answer - 1);
    return (size_t)(end + 4 - c->in.data);
}

/* One frame off the front: how long it was, 0 if it is not whole, -1 at its end. */
static long take(Connection *c, u8 *at, size_t length) {
    if (length < 6) return 0;
    size_t head = 2, size = at[1] & 127;
    if (size == 126) {
        if (length < 8) return 0;
        size = (size_t)at[2] << 8 | at[3];
        head = 4;
    } else if (size == 127) return -1;
    if (length < head + 4 + size) return 0;
    u8 *mask = at + head, *payload = mask + 4;
    if ((at[0] & 15) == 8) return -1;
    for (size_t i = 0; i < size; i++) payload[i] ^= mask[i & 3];
    /* The head goes where the mask was, so the frame lies in one piece. */
    u8 *frame = payload - head;
    u8 first = at[0];
    u8 sizes[2] = {at[2], at[3]};
    frame[0] = first;
    frame[1] = head == 4 ? 126 : (u8)size;
    if (head == 4) memcpy(frame + 2, sizes, 2);
    Room *r = rooms[c->room];
    for (int i = 0; i < r->count; i++)
        if (r->members[i] != (int)(c - connections)) put(&connections[r->members[i]], frame, head + size);
    return (long)(head + 4 + size);
}

static void input(Connection *c) {
    static u8 buffer[READ_BYTES];
    ssize_t n = recv(c->fd, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
        leave(c);
        return;
    }
    append(&c->in, buffer, (size_t)n);
    size_t done = 0;
    while (done < c->in.length) {
        long used = c->is_open ? take(c, c->in.data + done, c->in.length - done) : (long)upgrade(c);
        if (used < 0) {
            leave(c);
            return;
        }
        if (!used) break;
        done += (size_t)used;
    }
    memmove(c->in.data, c->in.data + done, c->in.length - done);
    c->in.length -= done;
}

static void output(Connection *c) {
    ssize_t n = send(c->fd, c->out.data, c->out.length, MSG_NOSIGNAL);
    if (n <= 0) return;
    memmove(c->out.data, c->out.data + n, c->out.length - (size_t)n);
    c->out.length -= (size_t)n;
    if (!c->out.length) watch(c, false);
}

static void welcome(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), one = 1, slot = 0;
    if (fd < 0) return;
    while (slot < CONNECTIONS_MAX && connections[slot].fd) slot++;
    if (slot == CONNECTIONS_MAX) {
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    Connection *c = &connections[slot];
    *c = (Connection){.fd = fd, .room = -1};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int main(int count, char **words) {
    if (count != 2) {
        fputs("usage: floor PORT\n", stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(words[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&here, sizeof here) < 0) fail("bind");
    if (listen(listener, 4096) < 0) fail("listen");
    epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    puts("ready nothing");
    fflush(stdout);
    for (;;) {
        static struct epoll_event events[512];
        int n = epoll_wait(epoll, events, 512, -1);
        for (int i = 0; i < n; i++) {
            Connection *c = events[i].data.ptr;
            if (!c) {
                welcome(listener);
                continue;
            }
            if (c->fd && events[i].events & EPOLLOUT && c->out.length) output(c);
            if (c->fd && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) input(c);
        }
    }
}
