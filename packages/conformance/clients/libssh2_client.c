/* An ssh-like command on libssh2: HOST PORT USER KEY KNOWN_HOSTS SIZE [COMMAND], where SIZE is none or 80x24. */
#include <arpa/inet.h>
#include <errno.h>
#include <libssh2.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[32768];

static void check(int is_good, LIBSSH2_SESSION *session, const char *step)
{
    char *message = NULL;
    if (is_good)
        return;
    libssh2_session_last_error(session, &message, NULL, 0);
    fprintf(stderr, "%s: %s\n", step, message == NULL ? "failed" : message);
    exit(255);
}

static int open_socket(const char *host, const char *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1 ||
        connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("connect");
        exit(255);
    }
    return descriptor;
}

static void check_host_key(LIBSSH2_SESSION *session, const char *host, const char *port, const char *file)
{
    size_t length;
    int type;
    const char *key = libssh2_session_hostkey(session, &length, &type);
    LIBSSH2_KNOWNHOSTS *hosts = libssh2_knownhost_init(session);
    check(libssh2_knownhost_readfile(hosts, file, LIBSSH2_KNOWNHOST_FILE_OPENSSH) > 0, session, "known hosts");
    check(libssh2_knownhost_checkp(hosts, host, atoi(port), key, length,
                                   LIBSSH2_KNOWNHOST_TYPE_PLAIN | LIBSSH2_KNOWNHOST_KEYENC_RAW, NULL) ==
              LIBSSH2_KNOWNHOST_CHECK_MATCH,
          session, "host key");
    libssh2_knownhost_free(hosts);
}

static LIBSSH2_SESSION *open_session(int descriptor, char **argument)
{
    LIBSSH2_SESSION *session = libssh2_session_init();
    check(libssh2_session_handshake(session, descriptor) == 0, session, "handshake");
    check_host_key(session, argument[1], argument[2], argument[5]);
    check(libssh2_userauth_publickey_fromfile(session, argument[3], NULL, argument[4], NULL) == 0, session, "log in");
    return session;
}

static LIBSSH2_CHANNEL *start_program(LIBSSH2_SESSION *session, const char *size, const char *command)
{
    int columns, rows;
    const char *term = getenv("TERM");
    LIBSSH2_CHANNEL *channel = libssh2_channel_open_session(session);
    check(channel != NULL, session, "open");
    if (sscanf(size, "%dx%d", &columns, &rows) == 2) {
        if (term == NULL)
            term = "vt100";
        check(libssh2_channel_request_pty_ex(channel, term, strlen(term), NULL, 0, columns, rows, 0, 0) == 0, session,
              "terminal");
    }
    if (command != NULL)
        check(libssh2_channel_exec(channel, command) == 0, session, "command");
    else
        check(libssh2_channel_shell(channel) == 0, session, "shell");
    return channel;
}

static void write_all(int output, const char *data, ssize_t count)
{
    while (count > 0) {
        ssize_t written = write(output, data, count);
        if (written < 0)
            exit(255);
        data += written;
        count -= written;
    }
}

/* Passes on what one output has; gives whether there was any. */
static int receive(LIBSSH2_SESSION *session, LIBSSH2_CHANNEL *channel, int stream, int output)
{
    static char received[65536];
    ssize_t count = libssh2_channel_read_ex(channel, stream, received, sizeof received);
    check(count >= 0 || count == LIBSSH2_ERROR_EAGAIN, session, "read");
    if (count > 0)
        write_all(output, received, count);
    return count > 0;
}

/* Input that was read and not yet taken by the window. */
static ssize_t held, sent;
static int has_input = 1;

/* Sends what is held, or the end of the input; gives whether it got anywhere. */
static int send_input(LIBSSH2_SESSION *session, LIBSSH2_CHANNEL *channel)
{
    ssize_t count;
    if (sent == held)
        return 0;
    count = libssh2_channel_write(channel, buffer + sent, held - sent);
    check(count >= 0 || count == LIBSSH2_ERROR_EAGAIN || libssh2_channel_eof(channel), session, "write");
    if (count > 0)
        sent += count;
    return count > 0;
}

static void read_input(LIBSSH2_CHANNEL *channel)
{
    held = read(STDIN_FILENO, buffer, sizeof buffer);
    sent = 0;
    if (held > 0)
        return;
    held = 0;
    has_input = 0;
    while (libssh2_channel_send_eof(channel) == LIBSSH2_ERROR_EAGAIN)
        ;
}

static void forward(LIBSSH2_SESSION *session, LIBSSH2_CHANNEL *channel, int descriptor)
{
    libssh2_session_set_blocking(session, 0);
    while (!libssh2_channel_eof(channel)) {
        int is_busy = receive(session, channel, 0, STDOUT_FILENO);
        is_busy |= receive(session, channel, SSH_EXTENDED_DATA_STDERR, STDERR_FILENO);
        is_busy |= send_input(session, channel);
        if (!is_busy && !libssh2_channel_eof(channel)) {
            int directions = libssh2_session_block_directions(session);
            struct pollfd waits[] = {
                {.fd = descriptor, .events = POLLIN | (directions & LIBSSH2_SESSION_BLOCK_OUTBOUND ? POLLOUT : 0)},
                {.fd = has_input && sent == held ? STDIN_FILENO : -1, .events = POLLIN},
            };
            poll(waits, 2, -1);
            if (waits[1].revents != 0)
                read_input(channel);
        }
    }
    libssh2_session_set_blocking(session, 1);
}

/* The exit code, or 255 where the program died of a signal. */
static int exit_code(LIBSSH2_CHANNEL *channel)
{
    char *signal = NULL;
    libssh2_channel_close(channel);
    libssh2_channel_wait_closed(channel);
    libssh2_channel_get_exit_signal(channel, &signal, NULL, NULL, NULL, NULL, NULL);
    if (signal == NULL)
        return libssh2_channel_get_exit_status(channel);
    fprintf(stderr, "died of %s\n", signal);
    return 255;
}

int main(int count, char **argument)
{
    int descriptor, code;
    LIBSSH2_SESSION *session;
    LIBSSH2_CHANNEL *channel;
    if (strcmp(argument[1], "--version") == 0) {
        puts(libssh2_version(0));
        return 0;
    }
    libssh2_init(0);
    descriptor = open_socket(argument[1], argument[2]);
    session = open_session(descriptor, argument);
    channel = start_program(session, argument[6], count > 7 ? argument[7] : NULL);
    forward(session, channel, descriptor);
    code = exit_code(channel);
    libssh2_session_disconnect(session, "done");
    return code;
}
