// SPDX-License-Identifier: GPL-3.0-or-later
//
// Counts system calls of the process it is preloaded into (LD_PRELOAD), with less disturbance than
// strace, which slows the process so much that more lines share a wake-up. The counts stand in the
// file named by HALLEY_CALL_COUNTS, mapped, as an array of 64-bit numbers in the order of `calls`.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace {

enum calls { epoll_wait_, epoll_ctl_, recv_, send_, read_, write_, setsockopt_, count_of_calls };
using counters = std::atomic<std::uint64_t>[count_of_calls];

counters& counts() {
  static counters* const mapped = [] {
    const char* path = std::getenv("HALLEY_CALL_COUNTS");
    const int fd = path == nullptr ? -1 : ::open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0 || ::ftruncate(fd, sizeof(counters)) != 0) {
      static counters unused;
      return &unused;
    }
    void* at = ::mmap(nullptr, sizeof(counters), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    return static_cast<counters*>(at);
  }();
  return *mapped;
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

void count(calls which) { counts()[which].fetch_add(1, std::memory_order_relaxed); }

}  // namespace

// A macro, because each has to carry the very name of the call it stands before.
#define HALLEY_COUNTED(which, result, name, parameters, arguments) \
  extern "C" result name parameters {                              \
    static const auto real = next<result(*) parameters>(#name);    \
    count(which);                                                  \
    return real arguments;                                         \
  }

HALLEY_COUNTED(epoll_wait_, int, epoll_wait, (int p, epoll_event* e, int n, int t), (p, e, n, t))
HALLEY_COUNTED(epoll_wait_, int, epoll_pwait,
               (int p, epoll_event* e, int n, int t, const sigset_t* s), (p, e, n, t, s))
HALLEY_COUNTED(epoll_wait_, int, epoll_pwait2,
               (int p, epoll_event* e, int n, const timespec* t, const sigset_t* s),
               (p, e, n, t, s))
HALLEY_COUNTED(epoll_ctl_, int, epoll_ctl, (int p, int o, int f, epoll_event* e), (p, o, f, e))
HALLEY_COUNTED(recv_, ssize_t, recv, (int f, void* b, size_t n, int g), (f, b, n, g))
HALLEY_COUNTED(recv_, ssize_t, recvfrom,
               (int f, void* b, size_t n, int g, sockaddr* a, socklen_t* l), (f, b, n, g, a, l))
HALLEY_COUNTED(recv_, ssize_t, recvmsg, (int f, msghdr* m, int g), (f, m, g))
HALLEY_COUNTED(send_, ssize_t, send, (int f, const void* b, size_t n, int g), (f, b, n, g))
HALLEY_COUNTED(send_, ssize_t, sendto,
               (int f, const void* b, size_t n, int g, const sockaddr* a, socklen_t l),
               (f, b, n, g, a, l))
HALLEY_COUNTED(send_, ssize_t, sendmsg, (int f, const msghdr* m, int g), (f, m, g))
HALLEY_COUNTED(read_, ssize_t, read, (int f, void* b, size_t n), (f, b, n))
HALLEY_COUNTED(read_, ssize_t, readv, (int f, const iovec* v, int n), (f, v, n))
HALLEY_COUNTED(write_, ssize_t, write, (int f, const void* b, size_t n), (f, b, n))
HALLEY_COUNTED(write_, ssize_t, writev, (int f, const iovec* v, int n), (f, v, n))
HALLEY_COUNTED(setsockopt_, int, setsockopt,
               (int f, int l, int n, const void* v, socklen_t s), (f, l, n, v, s))

#undef HALLEY_COUNTED
