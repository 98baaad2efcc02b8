import type { Readable } from 'node:stream';
import { downloadFailure, type DownloadFailure } from './download-failure.ts';
import type { Timeouts } from './settings.ts';

/** An answer whose body is still to be read. */
export interface HttpAnswer {
  readonly ok: true;
  readonly body: Readable;
  /** Announced length in bytes; undefined where the server does not say. */
  readonly total: number | undefined;
}

export interface HttpGetOptions {
  readonly timeouts: Timeouts;
  readonly signal?: AbortSignal | undefined;
}

const MAX_REDIRECTS = 5;

/** How long a host that did not answer is left alone, in milliseconds. */
const REMEMBER_UNREACHABLE = 300_000;

const unreachableHosts = new Map<string, { readonly reason: string; readonly at: number }>();

/**
 * Gets a URL, follows redirects, and hands the body to `read`. Proxies are taken from HTTPS_PROXY, HTTP_PROXY and
 * NO_PROXY. A host that cannot be reached fails within the connect deadline, and at once when it is asked again.
 *
 * @throws the signal's reason, and whatever `read` throws.
 */
export async function httpGet<T>(
  url: string,
  options: HttpGetOptions,
  read: (answer: HttpAnswer) => Promise<T>,
): Promise<T | DownloadFailure> {
  const { timeouts, signal } = options;
  const { EnvHttpProxyAgent, request } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: timeouts.connect },
    headersTimeout: timeouts.answer,
    bodyTimeout: timeouts.stall,
  });
  try {
    let target = new URL(url);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const known = unreachableHosts.get(target.host);
      if (known && Date.now() - known.at < REMEMBER_UNREACHABLE)
        return downloadFailure('unreachable', target.host, known.reason);
      let answer;
      try {
        answer = await request(target, {
          dispatcher,
          signal: signal ?? null,
          headers: { 'user-agent': 'prow-deploy-toolchain' },
        });
      } catch (error) {
        signal?.throwIfAborted();
        const failure = connectFailure(error, target.host, timeouts);
        unreachableHosts.set(target.host, { reason: failure.reason, at: Date.now() });
        return failure;
      }
      const { statusCode, headers, body } = answer;
      const { location } = headers;
      if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
        await body.dump();
        const next = new URL(location, target);
        if (target.protocol === 'https:' && next.protocol !== 'https:')
          return downloadFailure('http-status', url, `redirects from https to ${next.origin}`);
        target = next;
        continue;
      }
      if (statusCode !== 200) {
        await body.dump();
        const at = target.href === url ? '' : ` at ${target.origin}`;
        return downloadFailure('http-status', url, `answers with status ${statusCode}${at}`);
      }
      const length = Number(headers['content-length'] ?? NaN);
      return await read({ ok: true, body, total: Number.isNaN(length) ? undefined : length });
    }
    return downloadFailure('http-status', url, `redirects more than ${MAX_REDIRECTS} times`);
  } finally {
    await dispatcher.destroy();
  }
}

function connectFailure(error: unknown, host: string, timeouts: Timeouts): DownloadFailure {
  const code = errorCode(error);
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return downloadFailure('no-answer', host, `gave no answer in ${timeouts.answer} ms`);
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return downloadFailure('unreachable', host, `did not connect in ${timeouts.connect} ms`);
  const detail = code ?? (error instanceof Error ? error.message : String(error));
  return downloadFailure('unreachable', host, `cannot be reached (${detail})`);
}

/** What broke a body: the deadline between two pieces, or the connection. Undefined: not the network. */
export function bodyFailure(
  error: unknown,
  url: string,
  timeouts: Timeouts,
): DownloadFailure | undefined {
  const code = errorCode(error);
  if (code === 'UND_ERR_BODY_TIMEOUT')
    return downloadFailure('stalled', url, `sent nothing for ${timeouts.stall} ms`);
  if (code?.startsWith('UND_ERR') || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return downloadFailure('cut-off', url, `broke off in the middle (${code})`);
  return undefined;
}

function errorCode(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
