/** What happens during an installation. Times are in seconds, sizes in bytes. */
export type ProgressEvent =
  | {
      readonly type: 'waiting';
      /** The tools that wait for another run, which installs from the same Go module or release. */
      readonly tools: readonly string[];
      /** Process id of the other run, and when it began; undefined in the moment it starts or ends. */
      readonly pid: number | undefined;
      readonly since: Date | undefined;
      readonly seconds: number;
    }
  | {
      readonly type: 'downloading';
      readonly tool: string;
      readonly url: string;
      readonly bytes: number;
      /** Undefined where the server does not say. */
      readonly total: number | undefined;
    }
  | { readonly type: 'verifying'; readonly tool: string; readonly sha256: string }
  | {
      /** A way did not work, and the next one is tried. */
      readonly type: 'falling-back';
      readonly tools: readonly string[];
      readonly reason: string;
      readonly next: 'download' | 'build';
    }
  | {
      readonly type: 'building';
      readonly tools: readonly string[];
      readonly seconds: number;
      /** What the compiler works on: a Go package or module; undefined before the first one. */
      readonly line: string | undefined;
    }
  | {
      readonly type: 'installed';
      readonly tool: string;
      readonly version: string;
      readonly path: string;
      readonly source: 'download' | 'build';
      readonly seconds: number;
    };

export type OnProgress = (event: ProgressEvent) => void;
