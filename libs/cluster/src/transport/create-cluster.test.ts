import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { APPLY_PATCH } from '../api-request.ts';
import type { Cluster } from '../cluster.ts';
import type { CredentialsSource } from '../kubeconfig/credentials.ts';
import { createCluster } from './create-cluster.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function clusterAt(
  listener: RequestListener,
  credentials: CredentialsSource = () => Promise.resolve({ headers: {} }),
  signal?: AbortSignal,
): Promise<Cluster> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return createCluster({
    environment: 'testing',
    provider: 'kubeconfig',
    server: `http://127.0.0.1:${port}/prefix`,
    kubeconfig: '/home/me/config',
    context: 'there',
    simulated: false,
    credentials,
    remedy: 'Do this.',
    signal,
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('what is sent', () => {
  test('path, query, body and headers', async () => {
    let seen: unknown;
    const cluster = await clusterAt((request, response) => {
      request.setEncoding('utf8').on('data', (body: string) => {
        const { method, url, headers } = request;
        seen = { method, url, body, type: headers['content-type'], accept: headers.accept };
        response.writeHead(201, JSON_TYPE).end('{"a":1}');
      });
    });
    const answer = await cluster.request({
      method: 'PATCH',
      path: '/api/v1/x',
      query: { force: true, none: undefined, limit: 5, labelSelector: 'a=b,c' },
      contentType: APPLY_PATCH,
      accept: 'application/json;as=Table',
      body: { kind: 'Ü' },
    });
    expect(answer).toMatchObject({ status: 201, body: { a: 1 } });
    expect(seen).toEqual({
      method: 'PATCH',
      url: '/prefix/api/v1/x?force=true&limit=5&labelSelector=a%3Db%2Cc',
      body: '{"kind":"Ü"}',
      type: APPLY_PATCH,
      accept: 'application/json;as=Table',
    });
  });

  test('text is text, and nothing is undefined', async () => {
    const cluster = await clusterAt((request, response) => {
      response.end(request.url?.endsWith('readyz') ? 'ok' : '');
    });
    expect((await cluster.request({ path: '/readyz' })).body).toBe('ok');
    expect((await cluster.request({ path: '/' })).body).toBeUndefined();
  });
});

describe('what is refused', () => {
  test('an answer that says JSON and is none', async () => {
    const cluster = await clusterAt((_, response) => {
      response.writeHead(200, JSON_TYPE).end('<html>');
    });
    await expect(cluster.request({ path: '/' })).rejects.toBeInstanceOf(SyntaxError);
  });

  test('an ApiError holds what the Status object says', async () => {
    const cluster = await clusterAt((_, response) => {
      response.writeHead(409, { ...JSON_TYPE, 'retry-after': '3' }).end(
        JSON.stringify({
          kind: 'Status',
          reason: 'Conflict',
          message: 'Apply failed with 1 conflict',
          details: {
            causes: [{ reason: 'FieldManagerConflict', message: 'm', field: '.spec.replicas' }],
          },
        }),
      );
    });
    await expect(cluster.request({ method: 'PATCH', path: '/x' })).rejects.toMatchObject({
      name: 'ApiError',
      status: 409,
      reason: 'Conflict',
      serverMessage: 'Apply failed with 1 conflict',
      retryAfterSeconds: 3,
      causes: [{ reason: 'FieldManagerConflict', message: 'm', field: '.spec.replicas' }],
      message: 'Cannot PATCH /x: Apply failed with 1 conflict (409 Conflict).',
    });
  });

  test('of an answer that is not a Status object the beginning is quoted', async () => {
    const cluster = await clusterAt((_, response) => {
      response.writeHead(502).end('x'.repeat(10_000));
    });
    const error = (await cluster.request({ path: '/x' }).catch((e: unknown) => e)) as Error;
    expect(error.message).toMatch(/^Cannot GET \/x: x{300}… \(502\)\.$/);
  });

  test('refused credentials are obtained anew, once', async () => {
    let count = 0;
    const cluster = await clusterAt(
      (request, response) => {
        response.writeHead(request.headers.authorization === 'Bearer 2' ? 200 : 401).end();
      },
      () => Promise.resolve({ headers: { Authorization: `Bearer ${++count}` } }),
    );
    await cluster.request({ path: '/x' });
    await cluster.request({ path: '/x' });
    expect(count).toBe(2);
  });

  test('credentials that stay refused are an error that says whose they are', async () => {
    const cluster = await clusterAt((_, response) => {
      response.writeHead(401).end();
    });
    await expect(cluster.request({ path: '/x' })).rejects.toMatchObject({
      status: 401,
      message: expect.stringMatching(
        /context there in the kubeconfig \/home\/me\/config/,
      ) as string,
    });
  });
});

describe('no answer', () => {
  test('a server that is down is named, with the kubeconfig, the context and the remedy', async () => {
    const cluster = await clusterAt(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    await expect(cluster.request({ path: '/x' })).rejects.toMatchObject({
      name: 'ClusterError',
      code: 'unreachable',
      message: `Cannot reach the API server ${cluster.server} of testing: connection refused, ECONNREFUSED (kubeconfig /home/me/config, context there). Do this.`,
    });
  });

  test('a server that does not answer is given up after the deadline', async () => {
    const cluster = await clusterAt(() => undefined);
    await expect(cluster.request({ path: '/x', timeoutMs: 50 })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('no answer within 0.05 s') as string,
    });
  });

  test('an answer that stops half way is given up after the deadline', async () => {
    const cluster = await clusterAt((_, response) => {
      response.writeHead(200, JSON_TYPE).write('{');
    });
    await expect(cluster.request({ path: '/x', timeoutMs: 100 })).rejects.toMatchObject({
      code: 'unreachable',
    });
  });

  test('a plug-in that does not end is given up after the deadline', async () => {
    const cluster = await clusterAt(
      () => undefined,
      () => new Promise(() => undefined),
    );
    await expect(cluster.request({ path: '/x', timeoutMs: 50 })).rejects.toMatchObject({
      code: 'unreachable',
    });
  });

  test.each(['of the request', 'of the connection'])(
    'the signal %s ends it with its reason',
    async (whose) => {
      const controller = new AbortController();
      const { signal } = controller;
      const own = whose === 'of the request';
      const cluster = await clusterAt(() => undefined, undefined, own ? undefined : signal);
      const answer = cluster.request({ path: '/x', signal: own ? signal : undefined });
      controller.abort(new Error('enough'));
      await expect(answer).rejects.toThrow('enough');
    },
  );
});

test('a connection that the server closed while it was idle is replaced, unless that could do harm', async () => {
  let requests = 0;
  const cluster = await clusterAt((request, response) => {
    requests++;
    if (requests % 2 === 0) {
      request.socket.destroy();
    } else {
      response.end('ok');
    }
  });
  await cluster.request({ path: '/x' });
  await sleep(10);
  expect((await cluster.request({ path: '/x' })).body).toBe('ok');
  await sleep(10);
  await expect(cluster.request({ method: 'POST', path: '/x', body: {} })).rejects.toMatchObject({
    code: 'unreachable',
  });
});

describe('discovery', () => {
  test('a server without aggregated discovery is asked group by group', async () => {
    const answers: Record<string, unknown> = {
      '/prefix/api': { kind: 'APIVersions', versions: ['v1'] },
      '/prefix/apis': {
        kind: 'APIGroupList',
        groups: [{ name: 'apps', versions: [{ groupVersion: 'apps/v1' }] }],
      },
      '/prefix/api/v1': {
        resources: [
          { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['get', 'list'] },
          { name: 'pods/status', kind: 'Pod', namespaced: true, verbs: ['patch'] },
          { name: 'nodes', kind: 'Node', namespaced: false, verbs: ['get'] },
        ],
      },
      '/prefix/apis/apps/v1': {
        resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs: ['get'] }],
      },
    };
    const cluster = await clusterAt((request, response) => {
      response.writeHead(200, JSON_TYPE).end(JSON.stringify(answers[request.url ?? '']));
    });
    const index = await cluster.resources();
    expect(index.all.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      'apps/v1 Deployment',
      'v1 Node',
      'v1 Pod',
    ]);
    const pod = index.find('v1', 'Pod');
    expect(pod?.verbs).toEqual(['get', 'list']);
    expect(pod?.path('a', 'b')).toBe('/api/v1/namespaces/a/pods/b');
    expect(pod?.path()).toBe('/api/v1/pods');
    expect(index.find('v1', 'Node')?.path('a', 'b')).toBe('/api/v1/nodes/b');
    expect(index.find('apps/v1', 'Deployment')?.path('a')).toBe(
      '/apis/apps/v1/namespaces/a/deployments',
    );
    expect(index.find('apps/v1beta1', 'Deployment')).toBeUndefined();
  });

  test('what could not be read is read again, what could is kept until asked', async () => {
    let requests = 0;
    const cluster = await clusterAt((_, response) => {
      requests++;
      response
        .writeHead(requests <= 2 ? 503 : 200, JSON_TYPE)
        .end('{"kind":"APIGroupDiscoveryList","items":[]}');
    });
    await expect(cluster.resources()).rejects.toMatchObject({ status: 503 });
    const first = await cluster.resources();
    expect(await cluster.resources()).toBe(first);
    expect(await cluster.resources({ refresh: true })).not.toBe(first);
    expect(requests).toBe(6);
  });
});
