/*
 * The one process of a pause container, in three roles:
 *
 *   pause                              holds the namespaces of a task: reaps zombies, ends with 0 on SIGTERM or SIGINT
 *   pause host ADDRESS ALIAS [ROOT PROGRAM ARGUMENT...]
 *                                      readies the host: gives ADDRESS/32 to the loopback alias ALIAS ("lo:lf2"); needs
 *                                      the host's network namespace and CAP_NET_ADMIN
 *   pause unhost ALIAS [ROOT PROGRAM ARGUMENT...]
 *                                      takes the alias and its address away again
 *
 * With ROOT, where the host's file system is mounted, both then become the host's PROGRAM (chroot, execve): only the host
 * has the iptables that fits its kernel.
 *
 * No libc, so that the binary is a few KiB and needs nothing beside it. Signals are blocked and waited for instead of
 * handled: the kernel keeps a blocked signal even for process 1, and no signal trampoline is needed.
 */
#include <asm/unistd.h>
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

/* Becomes a program of another root; returns only if it cannot. */
static int become(char **arguments, char **environment) {
    if (call(__NR_chroot, (word) arguments[0], 0, 0, 0) < 0) return 6;
    if (call(__NR_chdir, (word) "/", 0, 0, 0) < 0) return 7;
    call(__NR_execve, (word) arguments[1], (word) (arguments + 1), (word) environment, 0);
    return 8;
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
    char **environment = arguments + count + 1;
    int give = arguments[1][0] == 'h';
    word own = give ? 4 : 3;
    if (count < own || (!give && arguments[1][0] != 'u')) leave(64);
    int failed = give ? give_address(arguments[2], arguments[3]) : set_address(0, arguments[2]);
    if (failed == 0 && count > own + 1) failed = become(arguments + own, environment);
    leave(failed);
}
