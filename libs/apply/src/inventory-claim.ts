import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { InventoryEntry } from './inventory.ts';
import { InventoryError } from './inventory-error.ts';
import {
  APPLYING_ANNOTATION,
  HEARTBEAT_ANNOTATION,
  type InventoryPlace,
  readInventoryMetadata,
  releaseInventory,
  type StoredInventory,
  writeClaimedInventory,
} from './inventory-store.ts';
import { pause } from './send.ts';

/** Who claims an inventory: written into it, and read by those who wait. */
interface Claimant {
  readonly id: string;
  /** Such as `ana@laptop`, for people. */
  readonly who: string;
  /** The machine and its process table, and the process in it. */
  readonly machine: string;
  readonly pid: number;
}

const HEARTBEAT_MS = 5000;
/** A claim whose heartbeat stands still for so long is that of a process that was killed. */
const STALE_MS = 20_000;
const POLL_MS = 500;

/** The text under which this process claims an inventory, another one for each apply. */
export function newClaim(): string {
  const claimant: Claimant = {
    id: randomUUID(),
    who: whoAmI(),
    machine: thisMachine(),
    pid: process.pid,
  };
  return JSON.stringify(claimant);
}

/** Such as `ana@laptop`. */
export function whoAmI(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return hostname(); // a user without an entry in the user database, as in many containers
  }
}

/** Options of {@link waitForClaim}. */
export interface WaitForClaimOptions extends InventoryPlace {
  /** Named in messages. */
  readonly environment: string;
  /** How long to wait, in milliseconds. */
  readonly timeoutMs: number;
  readonly onProgress?: ((line: string) => void) | undefined;
}

/**
 * Waits while another applies: until it has let go of the inventory, or is found dead. Whether it is dead is told by its
 * heartbeat, as it is seen from here (no clock of another machine plays a part), or, on this machine, by its process.
 *
 * @throws {InventoryError} `claimed` when it does not finish in time.
 */
export async function waitForClaim(
  stored: Pick<StoredInventory, 'applying'>,
  options: WaitForClaimOptions,
): Promise<'released' | 'dead'> {
  const { environment, timeoutMs, onProgress, signal } = options;
  let { applying } = stored;
  let heartbeat: string | undefined;
  let still = 0;
  let last = performance.now();
  const deadline = last + timeoutMs;
  while (applying !== undefined && !isDeadHere(applying)) {
    const who = claimantOf(applying)?.who ?? 'another';
    onProgress?.(`waiting for ${who}, who is applying ${environment} too`);
    await pause(POLL_MS, signal);
    const metadata = await readInventoryMetadata(options);
    const now = performance.now();
    const beat = metadata?.annotations?.[HEARTBEAT_ANNOTATION];
    const next = metadata?.annotations?.[APPLYING_ANNOTATION];
    const moved = next !== applying || beat !== heartbeat;
    // Time in which the API server did not answer does not count: nobody's heart was heard then.
    still = moved ? 0 : still + Math.min(now - last, 4 * POLL_MS);
    if (still >= STALE_MS) return 'dead';
    if (now >= deadline) {
      throw new InventoryError(
        'claimed',
        `Cannot apply to ${environment}: ${who} is applying it too, and did not finish within ${Math.round(timeoutMs / 1000)} s. Try again when that one is done.`,
      );
    }
    applying = next;
    heartbeat = beat;
    last = now;
  }
  return applying === undefined ? 'released' : 'dead';
}

/** A claimed inventory. Its heartbeat goes on until it is released. */
export class Claim {
  readonly #place: InventoryPlace;
  readonly #applying: string;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #beats = 0;
  #released = false;

  /** @param place without a signal of the work: what was done is written down also where that was aborted. */
  constructor(place: Omit<InventoryPlace, 'signal'>, applying: string) {
    this.#place = place;
    this.#applying = applying;
    this.#timer = setInterval(() => void this.#beat(), HEARTBEAT_MS);
    this.#timer.unref();
  }

  /** Aborted when another took the claim away. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Writes entries and keys of the data; `release` lets go of the claim with the same write.
   *
   * @throws {InventoryError} `claimed` when the claim was lost.
   */
  async write(changes: {
    readonly entries?: readonly InventoryEntry[];
    readonly data?: Readonly<Record<string, string>>;
    readonly release?: boolean;
  }): Promise<void> {
    const { release = false } = changes;
    // A heartbeat that comes after the release would find the claim lost.
    if (release) clearInterval(this.#timer);
    if (await writeClaimedInventory(this.#place, this.#applying, changes)) {
      this.#released = release;
      return;
    }
    this.#lose();
    throw lostClaim(this.#place.inventoryNamespace);
  }

  /** Lets go of the claim, unless that is done. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#released || this.#lost.signal.aborted) return;
    await releaseInventory(this.#place, this.#applying);
  }

  async #beat(): Promise<void> {
    this.#beats += 1;
    try {
      const heartbeat = String(this.#beats);
      if (!(await writeClaimedInventory(this.#place, this.#applying, { heartbeat }))) this.#lose();
    } catch {
      // An API server that does not answer cannot give the claim to another either.
    }
  }

  #lose(): void {
    clearInterval(this.#timer);
    this.#lost.abort(lostClaim(this.#place.inventoryNamespace));
  }
}

function lostClaim(namespace: string): InventoryError {
  return new InventoryError(
    'claimed',
    `the inventory in namespace ${namespace} was taken by another, or deleted, meanwhile`,
  );
}

function isDeadHere(applying: string): boolean {
  const claimant = claimantOf(applying);
  if (claimant === undefined || claimant.machine !== thisMachine()) return false;
  try {
    process.kill(claimant.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function claimantOf(applying: string): Claimant | undefined {
  try {
    return JSON.parse(applying) as Claimant;
  } catch {
    return undefined;
  }
}

// Containers on one machine may share its name, and have process ids of their own.
function thisMachine(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
