import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnconfirmedError } from '@prow-deploy/apply';
import { APPLY_PATCH, type Cluster, clusterDown, clusterUp, connect } from '@prow-deploy/cluster';
import { nodeMachine } from '@prow-deploy/cluster/node';
import type { Environment } from '@prow-deploy/environment';
import { maskText } from '@prow-deploy/secrets';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Component } from './component.ts';
import { debugEnvironment, type DebugEnvironmentOptions } from './debug-environment.ts';
import { debugPods } from './debug-pods.ts';
import type { Pod } from './pod.ts';
import { sourceImage } from './source-image.ts';

const { problems } = await nodeMachine();
const skipped = problems.length > 0 ? ` (skipped: ${problems.join('; ')})` : '';

// A component that tells what it was given, serves on the port that all its pods serve on, and says when it is stopped.
const PROGRAM = `package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	config, _ := os.ReadFile("/etc/config/greeting")
	token, _ := os.ReadFile("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
	fmt.Println("VERSION args", strings.Join(os.Args[1:], " "), "config", string(config), "env", os.Getenv("GREETING"), "in", string(token))
	_, err := net.Listen("tcp", ":8080")
	fmt.Println("listens:", err)
	if os.Getenv("EXIT") != "" {
		os.Exit(3)
	}
	<-stop
	fmt.Println("stopped in good order")
}
`;

const SECRET = 'f3a81c0d9e274b56-canary';

describe.skipIf(skipped !== '')(`debugging a component on a node${skipped}`, () => {
  let workspaceRoot: string;
  let environment: Environment;
  let cluster: Cluster;
  let deployed: string;
  const spec = { provider: 'node' as const };
  const options = () => ({ environment: 'debugged', workspaceRoot, spec });

  beforeAll(async () => {
    workspaceRoot = await mkdtemp(join(tmpdir(), 'debug-test-'));
    const directory = join(workspaceRoot, 'environments/debugged');
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'kustomization.yaml'), 'namePrefix: our-\n');
    environment = {
      name: 'debugged',
      directory,
      workspaceRoot,
      configVersion: '1',
      namespaces: { prow: 'default', jobs: 'default' },
      secrets: { source: 'generated' },
      cluster: spec,
      protection: 'none',
    };
    await mkdir(join(directory, 'secrets/token'), { recursive: true });
    await writeFile(join(directory, 'secrets/token/token'), SECRET);
    await writeSource('source', 'first');
    await writeSource('changed', 'second');
    await clusterUp(options());
    cluster = await connect(options());
    const container = { name: 'greeter', image: '' };
    const component: Component = {
      name: 'greeter',
      namespace: 'default',
      template: { spec: { containers: [container] } },
      container,
    };
    const source = join(workspaceRoot, 'source');
    deployed = await sourceImage({ ...options(), source, program: 'greeter', component });
    await deploy();
    await vi.waitFor(async () => {
      expect(await runningPods()).toHaveLength(1);
    }, 60_000);
  }, 1_200_000);

  afterAll(async () => {
    cluster.close();
    await clusterDown(options());
    await rm(workspaceRoot, { recursive: true });
  }, 120_000);

  async function writeSource(folder: string, version: string): Promise<void> {
    const command = join(workspaceRoot, folder, 'cmd/greeter');
    await mkdir(command, { recursive: true });
    await writeFile(
      join(workspaceRoot, folder, 'go.mod'),
      'module example.org/greeter\n\ngo 1.22\n',
    );
    await writeFile(join(command, 'main.go'), PROGRAM.replace('VERSION', version));
  }

  async function put(path: string, body: object): Promise<void> {
    const query = { fieldManager: 'test', force: true };
    await cluster.request({ method: 'PATCH', path, query, contentType: APPLY_PATCH, body });
  }

  async function deploy(name = 'our-greeter', more: object = {}): Promise<void> {
    const labels = { app: name };
    await put('/api/v1/namespaces/default/serviceaccounts/greeter', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'greeter' },
    });
    await put('/api/v1/namespaces/default/configmaps/greeting', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'greeting' },
      data: { greeting: 'mounted' },
    });
    await put(`/api/v1/namespaces/default/services/${name}`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    });
    await put(`/apis/apps/v1/namespaces/default/deployments/${name}`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: 'greeter',
            containers: [
              {
                name: 'greeter',
                image: deployed,
                args: ['--loud'],
                env: [{ name: 'GREETING', value: 'hello' }],
                resources: { limits: { memory: '64Mi' } },
                volumeMounts: [{ name: 'config', mountPath: '/etc/config' }],
                ...more,
              },
            ],
            volumes: [{ name: 'config', configMap: { name: 'greeting' } }],
          },
        },
      },
    });
  }

  async function runningPods(name = 'our-greeter'): Promise<readonly string[]> {
    const query = { labelSelector: `app=${name}` };
    const { body } = await cluster.request({ path: '/api/v1/namespaces/default/pods', query });
    return (body as { items: Pod[] }).items.flatMap(({ metadata, status }) =>
      status?.phase === 'Running' ? [metadata.uid ?? ''] : [],
    );
  }

  const left = (name = 'our-greeter') => debugPods(cluster, 'default', name);
  let lines: string[];
  beforeEach(() => {
    lines = [];
  });

  function debug(more: Partial<DebugEnvironmentOptions> = {}) {
    return debugEnvironment(environment, {
      component: 'greeter',
      onLine: (line) => void lines.push(line),
      ...more,
    });
  }

  test('it runs beside the running one, which is left alone, and is gone after Ctrl-C', async () => {
    const before = await runningPods();
    const stop = new AbortController();
    const session = debug({ signal: stop.signal });
    await expect.poll(() => lines, { timeout: 60_000 }).toContain('listens: <nil>');
    const [pod] = await left();
    expect(pod?.spec['serviceAccountName']).toBe('greeter');
    expect(pod?.spec.containers[0]?.resources?.limits).toEqual({ memory: '1Gi' });
    const slices = await cluster.request({
      path: '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
      query: { labelSelector: 'kubernetes.io/service-name=our-greeter' },
    });
    expect((slices.body as { items: { endpoints: unknown[] }[] }).items[0]?.endpoints).toHaveLength(
      1,
    );
    stop.abort();
    expect(await session).toEqual({ pod: pod?.metadata.name });
    expect(lines[0]).toBe('first args --loud config mounted env hello in default');
    expect(lines).toContain('stopped in good order');
    expect(maskText(`token=${SECRET}`)).not.toContain(SECRET);
    await expect.poll(() => left(), { timeout: 10_000 }).toEqual([]);
    expect(await runningPods()).toEqual(before);
  }, 120_000);

  test('what a folder has is built and run in its place', async () => {
    const stop = new AbortController();
    const session = debug({ signal: stop.signal, source: 'changed', cwd: workspaceRoot });
    await expect.poll(() => lines, { timeout: 60_000 }).toContain('listens: <nil>');
    stop.abort();
    await session;
    expect(lines[0]).toBe('second args --loud config mounted env hello in default');
    await expect.poll(() => left(), { timeout: 10_000 }).toEqual([]);
  }, 120_000);

  test('a program that ends by itself ends the session, with its exit code', async () => {
    await deploy('our-ending', { env: [{ name: 'EXIT', value: 'yes' }] });
    const result = await debug({ component: 'ending' });
    expect(result).toMatchObject({ exitCode: 3, reason: 'Error' });
    expect(lines[0]).toMatch(/^first args/);
    await expect.poll(() => left('our-ending'), { timeout: 10_000 }).toEqual([]);
  }, 120_000);

  test('Ctrl-C while it starts puts all back, and so does what cannot start, with the reason', async () => {
    const stop = new AbortController();
    const early = debug({
      signal: stop.signal,
      onProgress: (line) => {
        if (line.startsWith('Waiting for pod')) stop.abort();
      },
    });
    await expect(early).rejects.toMatchObject({ name: 'AbortError' });
    const image = 'localhost/nobody/nothing:v1';
    await expect(debug({ image, startTimeoutMs: 4000 })).rejects.toThrow(
      /pod debug-our-greeter-\w+ does not start: .*localhost\/nobody\/nothing:v1/s,
    );
    await expect.poll(() => left(), { timeout: 10_000 }).toEqual([]);
  }, 120_000);

  test('what a killed session left is removed by the next one', async () => {
    const url = JSON.stringify(new URL('./debug-environment.ts', import.meta.url).pathname);
    const script = `require('jiti').createJiti(${url}).import(${url}).then(({ debugEnvironment }) =>
      debugEnvironment(${JSON.stringify(environment)}, { component: 'greeter', onLine: console.log }))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await left()).toHaveLength(1);
    const stop = new AbortController();
    const session = debug({ signal: stop.signal });
    await expect.poll(() => lines, { timeout: 60_000 }).toContain('listens: <nil>');
    expect(await left()).toHaveLength(1);
    stop.abort();
    await session;
    await expect.poll(() => left(), { timeout: 10_000 }).toEqual([]);
  }, 120_000);

  test('what does not build, or is not there, is refused before anything is sent', async () => {
    await writeSource('broken', 'third');
    await writeFile(
      join(workspaceRoot, 'broken/cmd/greeter/more.go'),
      'package main\n\nvar x = y\n',
    );
    await expect(debug({ source: 'broken', cwd: workspaceRoot })).rejects.toThrow('undefined: y');
    await expect(debug({ source: 'nowhere', cwd: workspaceRoot })).rejects.toThrow(
      'is no Go command',
    );
    await expect(debug({ component: 'deck' })).rejects.toThrow(
      /has no Deployment of this name\. It has .*our-greeter/,
    );
    await expect(debug({ container: 'x' })).rejects.toThrow('It has greeter.');
    await expect.poll(() => left(), { timeout: 10_000 }).toEqual([]);
  });

  test('a protected environment has to be named', async () => {
    const production = { ...environment, protection: 'confirm' as const };
    const session = debugEnvironment(production, {
      component: 'greeter',
      confirm: 'another',
      onLine: () => undefined,
    });
    await expect(session).rejects.toThrow(UnconfirmedError);
    await expect(session).rejects.toThrow('--confirm=debugged');
    await expect.poll(() => left(), { timeout: 10_000 }).toEqual([]);
  });
});

test('where nothing runs, nothing can be debugged', async () => {
  const environment: Environment = {
    name: 'simulated',
    directory: '/nowhere',
    workspaceRoot: '/nowhere',
    configVersion: '1',
    namespaces: { prow: 'default', jobs: 'default' },
    secrets: { source: 'generated' },
    cluster: { provider: 'embedded', nodes: [{ name: 'node01' }] },
    protection: 'none',
  };
  const session = debugEnvironment(environment, { component: 'deck', onLine: () => undefined });
  await expect(session).rejects.toMatchObject({ name: 'DebugError', code: 'simulated' });

  const both = {
    ...environment,
    configurations: { real: { cluster: { provider: 'node' } } },
  } as const;
  await expect(
    debugEnvironment(both, { component: 'deck', onLine: () => undefined }),
  ).rejects.toThrow(/nx run simulated:debug --configuration=real --component=deck\.$/);
});
