/*
 * The one process of a pause container, in three roles:
 *
 *   pause                              holds the namespaces of a task: reaps zombies, ends with 0 on SIGTERM or SIGINT
 *   pause host ADDRESS ALIAS [PORT]    readies the host: gives ADDRESS/32 to the loopback alias ALIAS ("lo:lf0") and, with
 *                                      PORT, lets every user listen from that port on; needs the host's network
 *                                      namespace and privileges, and ends at once
 *   pause unhost ALIAS                 takes the alias and its address away again, likewise
 *
 * No libc, so that the binary is a few KiB and needs nothing beside it. Signals are blocked and waited for instead of
 * handled: the kernel keeps a blocked signal even for process 1, and no signal trampoline is needed.
 */
#include <asm/unistd.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

typedef unsigned long word;

#if defined(__x86_64__)
__asm__(".globl _start\n_start: mov %rsp,%rdi\n and $-16,%rsp\n call run\n hlt\n");

static long call(long number, word a, word b, word c, word d) {
    long result;
    register word r10 __asm__("r10") = d;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
__asm__(".globl _start\n_start: mov x0, sp\n bl run\n brk #0\n");

static long call(long number, word a, word b, word c, word d) {
    register word x8 __asm__("x8") = (word) number;
    register word x0 __asm__("x0") = a;
    register word x1 __asm__("x1") = b;
    register word x2 __asm__("x2") = c;
    register word x3 __asm__("x3") = d;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return (long) x0;
}
#else
#error "no pause binary for this architecture"
#endif

static void leave(int status) {
    for (;;) call(__NR_exit_group, (word) status, 0, 0, 0);
}

static word length(const char *text) {
    word n = 0;
    while (text[n]) n++;
    return n;
}

/* The address in network order, or 0 where the text is no dotted quad. */
static unsigned address_of(const char *text) {
    unsigned char bytes[4] = {0, 0, 0, 0};
    int part = 0;
    unsigned value = 0;
    for (;; text++) {
        if (*text >= '0' && *text <= '9') {
            value = value * 10 + (unsigned) (*text - '0');
            if (value > 255) return 0;
        } else if (*text == '.' || *text == 0) {
            if (part > 3) return 0;
            bytes[part++] = (unsigned char) value;
            value = 0;
            if (*text == 0) break;
        } else {
            return 0;
        }
    }
    return part != 4 ? 0
            : (unsigned) bytes[0] | (unsigned) bytes[1] << 8 | (unsigned) bytes[2] << 16 | (unsigned) bytes[3] << 24;
}

/* The kernel takes the address 0 for a wish to have none, and removes the alias. */
static int set_address(unsigned address, const char *alias) {
    struct ifreq request;
    char *bytes = (char *) &request;
    for (word i = 0; i < sizeof request; i++) bytes[i] = 0;
    if (length(alias) >= IFNAMSIZ) return 2;
    for (word i = 0; alias[i]; i++) request.ifr_name[i] = alias[i];
    long fd = call(__NR_socket, AF_INET, SOCK_DGRAM, 0, 0);
    if (fd < 0) return 3;
    struct sockaddr_in *in = (struct sockaddr_in *) &request.ifr_addr;
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = address;
    if (call(__NR_ioctl, (word) fd, SIOCSIFADDR, (word) &request, 0) < 0) return 4;
    if (address == 0) return 0;
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = 0xffffffffu;
    if (call(__NR_ioctl, (word) fd, SIOCSIFNETMASK, (word) &request, 0) < 0) return 5;
    return 0;
}

static int give_address(const char *address, const char *alias) {
    return address_of(address) == 0 ? 2 : set_address(address_of(address), alias);
}

static int open_ports_from(const char *port) {
    const char *path = "/proc/sys/net/ipv4/ip_unprivileged_port_start";
    long fd = call(__NR_openat, (word) AT_FDCWD, (word) path, O_WRONLY, 0);
    if (fd < 0) return 6;
    return call(__NR_write, (word) fd, (word) port, length(port), 0) == (long) length(port) ? 0 : 7;
}

static void hold(void) {
    word every = ~0ul;
    call(__NR_rt_sigprocmask, SIG_BLOCK, (word) &every, 0, 8);
    for (;;) {
        long signal = call(__NR_rt_sigtimedwait, (word) &every, 0, 0, 8);
        if (signal == SIGTERM || signal == SIGINT) leave(0);
        if (signal == SIGCHLD) {
            while (call(__NR_wait4, (word) -1, 0, WNOHANG, 0) > 0) { }
        }
    }
}

__attribute__((used)) void run(word *stack) {
    word count = stack[0];
    char **arguments = (char **) (stack + 1);
    if (count == 1) hold();
    if (count == 3 && arguments[1][0] == 'u') leave(set_address(0, arguments[2]));
    if (count < 4 || arguments[1][0] != 'h') leave(64);
    int failed = give_address(arguments[2], arguments[3]);
    if (failed == 0 && count > 4) failed = open_ports_from(arguments[4]);
    leave(failed);
}
