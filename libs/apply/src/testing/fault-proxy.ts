import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, connect } from '@prow-deploy/cluster';
import { parse, stringify } from 'yaml';

/** What can befall a request. `cut-before`: the API server never sees it; `cut-after`: its answer is lost. */
export type Fault = 'pass' | 'too-many' | 'broken' | 'cut-before' | 'cut-after';

/** A way to a cluster on which requests can go wrong. */
export interface FaultProxy {
  /** How a process connects through it. */
  readonly options: {
    readonly environment: string;
    readonly workspaceRoot: string;
    readonly spec: {
      readonly provider: 'kubeconfig';
      readonly kubeconfig: string;
      readonly context: string;
    };
  };
  /** A connection through it. */
  connect(): Promise<Cluster>;
  /** Decides what befalls each request, of which it gets the number, counted from 1. */
  decide: (number: number, request: IncomingMessage) => Fault;
  /** Requests so far; set it to 0 to count anew. */
  count: number;
  close(): Promise<void>;
}

/** Puts a proxy on loopback in front of a cluster. It adds the credentials, so that its clients need none. */
export async function startFaultProxy(cluster: Cluster): Promise<FaultProxy> {
  const kubeconfig = parse(await readFile(cluster.kubeconfig, 'utf8')) as {
    clusters: { cluster: Record<string, string> }[];
    users: { user: Record<string, string> }[];
  };
  const bytes = async (entry: Record<string, string> | undefined, name: string) => {
    const data = entry?.[`${name}-data`];
    return data === undefined ? readFile(entry?.[name] ?? '') : Buffer.from(data, 'base64');
  };
  const agent = new Agent({
    keepAlive: true,
    ca: await bytes(kubeconfig.clusters[0]?.cluster, 'certificate-authority'),
    cert: await bytes(kubeconfig.users[0]?.user, 'client-certificate'),
    key: await bytes(kubeconfig.users[0]?.user, 'client-key'),
  });

  const forward = (given: IncomingMessage, answer: ServerResponse, isLost: boolean) => {
    const { method, headers } = given;
    const onward = request(`${cluster.server}${given.url ?? ''}`, { method, headers, agent });
    onward.on('response', (response) => {
      if (isLost) {
        response.resume().on('end', () => answer.destroy());
      } else {
        answer.writeHead(response.statusCode ?? 0, response.headers);
        response.pipe(answer);
      }
    });
    onward.on('error', () => answer.destroy());
    given.pipe(onward);
  };
  const refuse = (answer: ServerResponse, code: number, reason: string) => {
    const status = {
      kind: 'Status',
      status: 'Failure',
      reason,
      message: `${reason} for a test`,
      code,
    };
    answer.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(status));
  };
  const server = createServer((given, answer) => {
    proxy.count += 1;
    switch (proxy.decide(proxy.count, given)) {
      case 'pass':
        forward(given, answer, false);
        break;
      case 'cut-after':
        forward(given, answer, true);
        break;
      case 'cut-before':
        answer.destroy();
        break;
      case 'too-many':
        refuse(answer, 429, 'TooManyRequests');
        break;
      case 'broken':
        refuse(answer, 500, 'InternalError');
        break;
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const workspaceRoot = await mkdtemp(join(tmpdir(), 'prow-deploy-fault-proxy-'));
  const path = join(workspaceRoot, 'kubeconfig');
  await writeFile(
    path,
    stringify({
      clusters: [{ name: 'proxy', cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: 'nobody', user: {} }],
      contexts: [{ name: 'proxy', context: { cluster: 'proxy', user: 'nobody' } }],
    }),
  );
  const options = {
    environment: 'faults',
    workspaceRoot,
    spec: { provider: 'kubeconfig' as const, kubeconfig: path, context: 'proxy' },
  };
  const proxy: FaultProxy = {
    options,
    connect: () => connect(options),
    decide: () => 'pass',
    count: 0,
    close: async () => {
      server.closeAllConnections();
      server.close();
      agent.destroy();
      await rm(workspaceRoot, { recursive: true, force: true });
    },
  };
  return proxy;
}
