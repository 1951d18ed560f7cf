import { KernelError } from "../../errors.ts";

/** The user that a kernel's process becomes. */
export interface KernelUser {
  uid: number;
  gid: number;
}

/** The range of user ids that systemd keeps free. */
const OWN_USERS = { first: 60_706, count: 478 };
const CAP_SETGID = 6n;
const CAP_SETUID = 7n;

/** Hands out user ids to kernels, so that no two kernels run as the same user. */
export class KernelUsers {
  /** True when this process may start others as other users. */
  readonly available: boolean = canChangeUser();
  readonly #used = new Set<number>();

  /**
   * Takes a user that no other kernel has; undefined when this process may not start others as other users.
   *
   * @throws {KernelError} `limit_exceeded` when all users are taken.
   */
  take(): KernelUser | undefined {
    if (!this.available) return undefined;
    // Another server may use the same range, so the search begins at a random id.
    const from = Math.floor(Math.random() * OWN_USERS.count);
    for (let step = 0; step < OWN_USERS.count; step++) {
      const uid = OWN_USERS.first + (from + step) % OWN_USERS.count;
      if (this.#used.has(uid)) continue;
      this.#used.add(uid);
      return { uid, gid: uid };
    }
    throw new KernelError(
      "limit_exceeded",
      `There are ${OWN_USERS.count} kernels with a user of their own, and no more user ids`,
    );
  }

  /** Gives back a user whose process has ended. */
  release({ uid }: KernelUser): void {
    this.#used.delete(uid);
  }
}

/** Returns true when this process is root's and has the capabilities to change its user and group. */
function canChangeUser(): boolean {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    const status = Deno.readTextFileSync("/proc/self/status");
    const capabilities = BigInt(`0x${/^CapEff:\s+(\w+)/m.exec(status)?.[1] ?? 0}`);
    return [CAP_SETGID, CAP_SETUID].every((bit) => (capabilities >> bit & 1n) === 1n);
  } catch {
    return false;
  }
}
