/* An ssh-like command on libssh: HOST PORT USER KEY KNOWN_HOSTS SIZE [COMMAND], where SIZE is none or 80x24. */
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char buffer[65536];

static void check(int is_good, ssh_session session, const char *step)
{
    if (is_good)
        return;
    fprintf(stderr, "%s: %s\n", step, ssh_get_error(session));
    exit(255);
}

static ssh_session open_session(char **argument)
{
    int no_configuration = 0;
    ssh_key key = NULL;
    ssh_session session = ssh_new();
    ssh_options_set(session, SSH_OPTIONS_HOST, argument[1]);
    ssh_options_set(session, SSH_OPTIONS_PORT_STR, argument[2]);
    ssh_options_set(session, SSH_OPTIONS_USER, argument[3]);
    ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, argument[5]);
    ssh_options_set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
    ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no_configuration);
    check(ssh_connect(session) == SSH_OK, session, "connect");
    check(ssh_session_is_known_server(session) == SSH_KNOWN_HOSTS_OK, session, "host key");
    check(ssh_pki_import_privkey_file(argument[4], NULL, NULL, NULL, &key) == SSH_OK, session, "key");
    check(ssh_userauth_publickey(session, NULL, key) == SSH_AUTH_SUCCESS, session, "log in");
    ssh_key_free(key);
    return session;
}

static ssh_channel start_program(ssh_session session, ssh_channel_callbacks callbacks, const char *size,
                                 const char *command)
{
    int columns, rows;
    ssh_channel channel = ssh_channel_new(session);
    ssh_add_channel_callbacks(channel, callbacks);
    check(ssh_channel_open_session(channel) == SSH_OK, session, "open");
    if (sscanf(size, "%dx%d", &columns, &rows) == 2)
        check(ssh_channel_request_pty_size(channel, getenv("TERM"), columns, rows) == SSH_OK, session, "terminal");
    if (command != NULL)
        check(ssh_channel_request_exec(channel, command) == SSH_OK, session, "command");
    else
        check(ssh_channel_request_shell(channel) == SSH_OK, session, "shell");
    return channel;
}

static void write_all(int output, const char *data, int count)
{
    while (count > 0) {
        ssize_t written = write(output, data, count);
        if (written < 0)
            exit(255);
        data += written;
        count -= written;
    }
}

static int receive(ssh_session session, ssh_channel channel, void *data, uint32_t count, int is_stderr,
                   void *user_data)
{
    write_all(is_stderr ? STDERR_FILENO : STDOUT_FILENO, data, count);
    return count;
}

static void report_signal(ssh_session session, ssh_channel channel, const char *signal, int has_core,
                          const char *message, const char *language, void *user_data)
{
    fprintf(stderr, "died of %s\n", signal);
}

/* Sends what can be read now and fits the window, so that the write does not block; gives whether more may follow. */
static int send_input(ssh_channel channel)
{
    uint32_t window = ssh_channel_window_size(channel);
    ssize_t count = read(STDIN_FILENO, buffer, window < sizeof buffer ? window : sizeof buffer);
    if (count > 0)
        return ssh_channel_write(channel, buffer, count) == count;
    ssh_channel_send_eof(channel);
    return 0;
}

static void forward(ssh_session session, ssh_channel channel)
{
    int has_input = 1;
    ssh_event event = ssh_event_new();
    ssh_event_add_session(event, session);
    while (!ssh_channel_is_closed(channel)) {
        struct pollfd waits[] = {
            {.fd = ssh_get_fd(session), .events = POLLIN},
            {.fd = has_input && ssh_channel_window_size(channel) > 0 ? STDIN_FILENO : -1, .events = POLLIN},
        };
        if (ssh_get_poll_flags(session) & SSH_WRITE_PENDING)
            waits[0].events |= POLLOUT;
        poll(waits, 2, -1);
        check(waits[0].revents == 0 || ssh_event_dopoll(event, 0) != SSH_ERROR, session, "wait");
        if (waits[1].revents != 0 && !ssh_channel_is_closed(channel))
            has_input = send_input(channel);
    }
    ssh_event_remove_session(event, session);
    ssh_event_free(event);
}

int main(int count, char **argument)
{
    int status;
    ssh_session session;
    ssh_channel channel;
    struct ssh_channel_callbacks_struct callbacks = {
        .channel_data_function = receive,
        .channel_exit_signal_function = report_signal,
    };
    if (strcmp(argument[1], "--version") == 0) {
        puts(ssh_version(0));
        return 0;
    }
    session = open_session(argument);
    ssh_callbacks_init(&callbacks);
    channel = start_program(session, &callbacks, argument[6], count > 7 ? argument[7] : NULL);
    forward(session, channel);
    status = ssh_channel_get_exit_status(channel);
    ssh_channel_free(channel);
    ssh_disconnect(session);
    ssh_free(session);
    return status == -1 ? 255 : status;
}
