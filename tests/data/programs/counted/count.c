/* Tells a listener outside that something ran: a datagram to the socket whose path is in socket.h. */
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "socket.h"
#include "work.h"

void count(const char *what) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    strncpy(to.sun_path, SOCKET, sizeof to.sun_path - 1);
    int from = socket(AF_UNIX, SOCK_DGRAM, 0);
    sendto(from, what, strlen(what), 0, (struct sockaddr *)&to, sizeof to);
}
