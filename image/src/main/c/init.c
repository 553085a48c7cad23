/*
 * Process 1 of the images: starts the program that its arguments name, passes on every signal that it gets, and ends
 * with the program's status.
 *
 * The kernel drops a signal that process 1 has no handler for. A JVM has its handler for SIGTERM some hundred
 * milliseconds after its start, so a JVM that is process 1 never hears of a SIGTERM that comes before, and runs on until
 * it is killed at the end of the grace period. This program blocks all signals by its first system call, and a blocked
 * signal is kept, whatever its handler (sig_ignored in the kernel's kernel/signal.c). The JVM is an ordinary process
 * then: before it has a handler, SIGTERM ends it. What is left is the moment between execve(2) and that call, in which
 * nothing can be done: a signal that comes then is lost. A kubelet stops a container long after.
 *
 * It needs no C library, so that there is nothing to load before that first call, and nothing to link with.
 */
#include <asm/unistd.h>
#include <linux/prctl.h>
#include <linux/wait.h>

enum { KILL = 9, CHILD = 17, SET_MASK = 2 };

/* As execve(2) has it for a shell: the program is not there, or is none. */
enum { NOT_STARTED = 127 };

/* Of the kernel, not of the C library: one bit for each of the 64 signals. */
typedef unsigned long Signals;

static long call(long number, long a, long b, long c, long d)
{
#if defined(__x86_64__)
    register long fourth __asm__("r10") = d;
    register long fifth __asm__("r8") = 0;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long eighth __asm__("x8") = number;
    register long first __asm__("x0") = a;
    register long second __asm__("x1") = b;
    register long third __asm__("x2") = c;
    register long fourth __asm__("x3") = d;
    register long fifth __asm__("x4") = 0;
    __asm__ volatile("svc 0"
                     : "+r"(first)
                     : "r"(eighth), "r"(second), "r"(third), "r"(fourth), "r"(fifth)
                     : "memory");
    return first;
#else
#error "an image is for amd64 or arm64"
#endif
}

static _Noreturn void end(int status)
{
    for (;;)
        call(__NR_exit_group, status, 0, 0, 0);
}

static void say(const char *text)
{
    long length = 0;
    while (text[length])
        length++;
    call(__NR_write, 2, (long)text, length, 0);
}

static _Noreturn void become(char **arguments, char **environment, Signals mask)
{
    /* Who kills process 1 kills all there is. Where this is not process 1 (docker run --init), nobody else would. */
    call(__NR_prctl, PR_SET_PDEATHSIG, KILL, 0, 0);
    call(__NR_rt_sigprocmask, SET_MASK, (long)&mask, 0, sizeof mask);
    call(__NR_execve, (long)arguments[0], (long)arguments, (long)environment, 0);
    say("init: cannot start ");
    say(arguments[0]);
    say("\n");
    end(NOT_STARTED);
}

/* Takes the status of every process that has ended: orphans become children of process 1. Ends with the program. */
static void reap(long program)
{
    int status;
    long ended;
    while ((ended = call(__NR_wait4, -1, (long)&status, WNOHANG, 0)) > 0) {
        int signal = status & 0x7f;
        if (ended == program)
            end(signal ? 128 + signal : (status >> 8) & 0xff);
    }
}

/* The stack of a new process: the number of arguments, these, a null, and the environment. */
__attribute__((used)) static _Noreturn void run(long *stack)
{
    Signals all = ~0UL, before = 0;
    call(__NR_rt_sigprocmask, SET_MASK, (long)&all, (long)&before, sizeof all);
    long count = stack[0];
    char **arguments = (char **)(stack + 1);
    if (count < 2) {
        say("usage: init PROGRAM [ARGUMENT]...\n");
        end(NOT_STARTED);
    }
    /* A fork: arm64 has no other call for it. */
    long program = call(__NR_clone, CHILD, 0, 0, 0);
    if (program == 0)
        become(arguments + 1, arguments + count + 1, before);
    if (program < 0) {
        say("init: cannot make a process\n");
        end(NOT_STARTED);
    }
    for (;;) {
        long signal = call(__NR_rt_sigtimedwait, (long)&all, 0, 0, sizeof all);
        if (signal == CHILD)
            reap(program);
        else if (signal > 0)
            call(__NR_kill, program, signal, 0, 0);
    }
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall run\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n\tmov x29, 0\n\tmov x30, 0\n\tmov x0, sp\n\tand sp, x0, -16\n\tbl run\n");
#endif
