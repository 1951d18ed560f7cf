/** A processor that filters can be made for, by Deno's name for it. */
export type Architecture = "x86_64" | "aarch64";

/** The numbers of one system call on x86_64 and on aarch64; null where the call does not exist. */
type Numbers = readonly [x86_64: number | null, aarch64: number | null];

/** The calls that the engine makes all the time: memory, threads, clocks, waiting, files that are open. */
const ENGINE = {
  // The most frequent calls come first, because the filter compares in this order.
  futex: [202, 98],
  mmap: [9, 222],
  munmap: [11, 215],
  madvise: [28, 233],
  mprotect: [10, 226],
  read: [0, 63],
  write: [1, 64],
  epoll_wait: [232, null],
  epoll_pwait: [281, 22],
  clock_gettime: [228, 113],
  sched_yield: [24, 124],
  brk: [12, 214],
  mremap: [25, 216],
  mincore: [27, 232],
  membarrier: [324, 283],
  pkey_alloc: [330, 289],
  pkey_free: [331, 290],
  pkey_mprotect: [329, 288],
  getrandom: [318, 278],
  get_robust_list: [274, 100],
  set_robust_list: [273, 99],
  rseq: [334, 293],
  set_tid_address: [218, 96],
  sched_getaffinity: [204, 123],
  sched_getparam: [143, 121],
  sched_getscheduler: [145, 120],
  getcpu: [309, 168],
  exit: [60, 93],
  exit_group: [231, 94],
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  rt_sigreturn: [15, 139],
  rt_sigtimedwait: [128, 137],
  sigaltstack: [131, 132],
  restart_syscall: [219, 128],
  epoll_create1: [291, 20],
  epoll_ctl: [233, 21],
  epoll_pwait2: [441, 441],
  poll: [7, null],
  ppoll: [271, 73],
  select: [23, null],
  pselect6: [270, 72],
  eventfd2: [290, 19],
  clock_getres: [229, 114],
  clock_nanosleep: [230, 115],
  nanosleep: [35, 101],
  gettimeofday: [96, 169],
  time: [201, null],
  times: [100, 153],
  getrusage: [98, 165],
  sysinfo: [99, 179],
  uname: [63, 160],
  getpid: [39, 172],
  gettid: [186, 178],
  getppid: [110, 173],
  getuid: [102, 174],
  geteuid: [107, 175],
  getgid: [104, 176],
  getegid: [108, 177],
  close: [3, 57],
  dup: [32, 23],
  fcntl: [72, 25],
  readv: [19, 65],
  writev: [20, 66],
  pread64: [17, 67],
  pwrite64: [18, 68],
  lseek: [8, 62],
  // The engine uses these on the pair of sockets by which it tells its threads of signals.
  sendto: [44, 206],
  recvfrom: [45, 207],
} as const satisfies Record<string, Numbers>;

/** The calls that look at files, except those that open them. */
const LOOKING = {
  stat: [4, null],
  lstat: [6, null],
  fstat: [5, 80],
  newfstatat: [262, 79],
  statx: [332, 291],
  access: [21, null],
  faccessat: [269, 48],
  faccessat2: [439, 439],
  readlink: [89, null],
  readlinkat: [267, 78],
  getcwd: [79, 17],
  getdents64: [217, 61],
  statfs: [137, 43],
  fstatfs: [138, 44],
  flock: [73, 32],
  fadvise64: [221, 223],
  fsync: [74, 82],
  fdatasync: [75, 83],
  inotify_init1: [294, 26],
  inotify_add_watch: [254, 27],
  inotify_rm_watch: [255, 28],
} as const satisfies Record<string, Numbers>;

/** The calls that change files and directories. */
const CHANGING = {
  rename: [82, null],
  renameat: [264, 38],
  renameat2: [316, 276],
  unlink: [87, null],
  unlinkat: [263, 35],
  mkdir: [83, null],
  mkdirat: [258, 34],
  rmdir: [84, null],
  link: [86, null],
  linkat: [265, 37],
  symlink: [88, null],
  symlinkat: [266, 36],
  truncate: [76, 45],
  ftruncate: [77, 46],
  fallocate: [285, 47],
  chmod: [90, null],
  fchmod: [91, 52],
  fchmodat: [268, 53],
  chown: [92, null],
  fchown: [93, 55],
  lchown: [94, null],
  fchownat: [260, 54],
  utimensat: [280, 88],
  futimesat: [261, null],
  utimes: [235, null],
  umask: [95, 166],
  copy_file_range: [326, 285],
  sendfile: [40, 71],
} as const satisfies Record<string, Numbers>;

/** The calls that use sockets, except those that make them. */
const SPEAKING = {
  connect: [42, 203],
  bind: [49, 200],
  listen: [50, 201],
  accept: [43, 202],
  accept4: [288, 242],
  getsockname: [51, 204],
  getpeername: [52, 205],
  getsockopt: [55, 209],
  setsockopt: [54, 208],
  sendmsg: [46, 211],
  recvmsg: [47, 212],
  sendmmsg: [307, 269],
  recvmmsg: [299, 243],
  shutdown: [48, 210],
} as const satisfies Record<string, Numbers>;

/** The calls that are allowed with some arguments only. */
const CONDITIONAL = {
  open: [2, null],
  openat: [257, 56],
  ioctl: [16, 29],
  clone: [56, 220],
  tgkill: [234, 131],
  prctl: [157, 167],
  prlimit64: [302, 261],
  socket: [41, 198],
  socketpair: [53, 199],
} as const satisfies Record<string, Numbers>;

/** The system calls that are allowed with any arguments, in groups by their purpose. */
const SYSTEM_CALLS = {
  engine: ENGINE,
  looking: LOOKING,
  changing: CHANGING,
  speaking: SPEAKING,
} as const;

/** Returns the numbers of a group's system calls on one processor. */
export function numbersOf(
  group: keyof typeof SYSTEM_CALLS,
  architecture: Architecture,
): number[] {
  return Object.values<Numbers>(SYSTEM_CALLS[group]).map((it) => pick(it, architecture))
    .filter((it) => it !== undefined);
}

/** Returns the number of a system call whose arguments matter; undefined where the call does not exist. */
export function numberOf(
  name: keyof typeof CONDITIONAL,
  architecture: Architecture,
): number | undefined {
  return pick(CONDITIONAL[name], architecture);
}

function pick(numbers: Numbers, architecture: Architecture): number | undefined {
  return numbers[architecture === "x86_64" ? 0 : 1] ?? undefined;
}
