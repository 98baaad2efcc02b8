import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type KubernetesObject, readManifest } from '@prow-deploy/apply';
import { generate, readShape } from '@prow-deploy/secrets';
import { ensureTool } from '@prow-deploy/toolchain';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type ClonedWorkspace, cloneWorkspace } from './testing/clone-workspace.ts';

const TESTING = 'environments/kubevirtci-testing';
const STAGING = 'environments/ibmcloud-staging';
const ROTATED = 'f3b17c96e02d845ab7c1e95f60d3a2846b9e17cd';

let workspace: ClonedWorkspace;
beforeAll(async () => {
  workspace = await cloneWorkspace(process.cwd());
  workspace.env['HOME'] = `${workspace.root}-home`;
  workspace.env['XDG_CACHE_HOME'] = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  workspace.env['KUBECONFIG'] = path('home/kubeconfig');
}, 60_000);
afterAll(async () => {
  await workspace.remove();
  await rm(`${workspace.root}-home`, { recursive: true, force: true });
});

// The home folder lies beside the workspace: secrets do not come from within it.
const path = (file: string): string =>
  file.startsWith('home/') ? `${workspace.root}-${file}` : join(workspace.root, file);
const read = (file: string): Promise<string> => readFile(path(file), 'utf8');
async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(path(file)), { recursive: true });
  await writeFile(path(file), text);
}

/** Runs a target that has to succeed; gives what was printed. */
async function run(target: string): Promise<string> {
  const { all, exitCode } = await workspace.nx('run', target);
  expect(exitCode, all).toBe(0);
  return all;
}

const hits = (output: string): string => /Cache:\s+(\S+ hit)/.exec(output)?.[1] ?? 'none';

describe('rendering', { timeout: 240_000 }, () => {
  test('kustomize by hand gives the objects of the build, secrets aside', async () => {
    const kustomize = await ensureTool('kustomize');
    for (const name of ['kubevirtci-testing', 'ibmcloud-staging', 'ibmcloud-production']) {
      await fillSecretsOf(name);
      await run(`${name}:copy-secrets`);
      await run(`${name}:kustomize-build`);
      const { stdout, stderr } = await execa(kustomize, ['build', path(`environments/${name}`)]);
      expect(stderr).toBe('');
      const [byHand, built] = await Promise.all([
        readManifest(stdout),
        readManifest(await read(`dist/${name}/prow-deploy.yaml`)),
      ]);
      expect(built.length).toBeGreaterThanOrEqual(105);
      expect(built.map(withoutSecretValues)).toEqual(byHand.map(withoutSecretValues));
      const secrets = built.filter(({ kind }) => kind === 'Secret');
      expect(secrets.length).toBeGreaterThanOrEqual(13);
      for (const { data } of secrets as unknown as { data: Record<string, string> }[]) {
        for (const value of Object.values(data))
          expect(Buffer.from(value, 'base64').toString()).toMatch(
            new RegExp(`^<<SECRET ${name} .+>>$`),
          );
      }
    }
  });

  test('a second render is a hit, and files that were deleted come back', async () => {
    expect(hits(await run('kubevirtci-testing:kustomize-build'))).toBe('3/3 hit');
    await rm(path(`${TESTING}/configs`), { recursive: true });
    await rm(path('dist'), { recursive: true });
    expect(hits(await run('kubevirtci-testing:kustomize-build'))).toBe('3/3 hit');
    expect(await read(`${TESTING}/configs/config/config.yaml`)).toContain('kubernetes-prow');
    expect(await read('dist/kubevirtci-testing/prow-deploy.yaml')).toContain('kind: Deployment');
  });

  test("another pin of kustomize builds again, another tool's does not", async () => {
    const pins = JSON.parse(await read('tools/toolchain/versions.json')) as {
      tools: Record<string, { release: { platforms: Record<string, unknown> } }>;
    };
    const pin = async (tool: string): Promise<void> => {
      Object.assign(pins.tools[tool]?.release.platforms ?? {}, {
        'plan9-mips': { sha256: '0'.repeat(64) },
      });
      await write('tools/toolchain/versions.json', JSON.stringify(pins));
    };
    const before = await read('tools/toolchain/versions.json');
    await run('kubevirtci-testing:kustomize-build');
    await pin('etcd');
    expect(hits(await run('kubevirtci-testing:kustomize-build'))).toBe('3/3 hit');
    await pin('kustomize');
    expect(hits(await run('kubevirtci-testing:kustomize-build'))).toBe('2/3 hit');
    await write('tools/toolchain/versions.json', before);
  });

  test('a secret that is rotated at its source is copied again, one that is not is a hit', async () => {
    const source = 'home/.config/prow-deploy/secrets/ibmcloud-staging/hmac-token/hmac';
    await fillSecretsOf('ibmcloud-staging');
    await run('ibmcloud-staging:copy-secrets');
    expect(hits(await run('ibmcloud-staging:copy-secrets'))).toBe('1/1 hit');
    await write(source, ROTATED);
    expect(hits(await run('ibmcloud-staging:copy-secrets'))).toBe('0/1 hit');
    expect(await read(`${STAGING}/secrets/hmac-token/hmac`)).toBe(ROTATED);
    await rm(path(`${STAGING}/secrets/hmac-token`), { recursive: true });
    expect(hits(await run('ibmcloud-staging:copy-secrets'))).toBe('0/1 hit');
    expect(hits(await run('ibmcloud-staging:copy-secrets'))).toBe('1/1 hit');
  });
});

test('the state of each secret is shown; one that cannot be used fails the target', async () => {
  await fillSecretsOf('ibmcloud-staging');
  await write(
    'home/.config/prow-deploy/secrets/ibmcloud-staging/slack-token/token',
    '<<FILL: it>>',
  );
  const { all, stdout, exitCode } = await workspace.nx('run', 'ibmcloud-staging:secrets', '--json');
  expect(exitCode, all).toBe(1);
  const report = JSON.parse(stdout.slice(stdout.indexOf('\n{'), stdout.lastIndexOf('\n}') + 2)) as {
    secrets: { path: string; state: string }[];
  };
  const states = Object.fromEntries(report.secrets.map(({ path: file, state }) => [file, state]));
  expect(states).toMatchObject({
    'slack-token/token': 'boilerplate',
    'hmac-token/hmac': 'filled',
    'unsplash-api/honk.txt': 'empty',
  });
  await fillSecretsOf('ibmcloud-staging');
  expect(await run('ibmcloud-staging:secrets')).toMatch(
    /slack-token\/token +filled +today +differs/,
  );
}, 60_000);

describe(
  'bad input gives one clear error and leaves nothing half-written',
  { timeout: 120_000 },
  () => {
    /** Changes a file for the time of one run that has to fail; gives what was printed. */
    async function failing(
      target: string,
      file: string,
      change: (text: string) => string,
    ): Promise<string> {
      const before = await read(file).catch(() => undefined);
      await write(file, change(before ?? ''));
      const left = await leftovers();
      try {
        const { all, exitCode } = await workspace.nx('run', target);
        expect(exitCode, all).toBe(1);
        expect(all).not.toMatch(/\n\s+at /);
        expect(await leftovers()).toEqual(left);
        return all;
      } finally {
        if (before === undefined) await rm(path(file), { recursive: true });
        else await write(file, before);
      }
    }
    const leftovers = async (): Promise<string[]> =>
      (await readdir(path(TESTING)))
        .filter((name) => name.startsWith('.configs'))
        .concat(
          (await readdir(path('dist'), { recursive: true }).catch(() => [])).filter((name) =>
            name.endsWith('.tmp'),
          ),
        );

    test('an unknown key in environment.yaml', async () => {
      const output = await failing(
        'kubevirtci-testing:render-configs',
        `${TESTING}/environment.yaml`,
        (text) => `${text}replicas: 3\n`,
      );
      expect(output).toMatch(
        /environments\/kubevirtci-testing\/environment\.yaml:\d+: unknown key replicas/,
      );
    });

    test('a syntax error in a script', async () => {
      const output = await failing(
        'kubevirtci-testing:render-configs',
        `${TESTING}/yq_scripts/config/config.yaml`,
        (text) => `${text}- command: [\n`,
      );
      expect(output).toMatch(
        /environments\/kubevirtci-testing\/yq_scripts\/config\/config\.yaml:\d+/,
      );
    });

    test('a script whose file is missing in the base', async () => {
      const output = await failing(
        'kubevirtci-testing:render-configs',
        `${TESTING}/yq_scripts/gone/gone.yaml`,
        () => '[]\n',
      );
      expect(output).toContain(`${TESTING}/yq_scripts/gone/gone.yaml has no file of the same path`);
    });

    test('a file that the kustomization reads and the base lacks', async () => {
      const output = await failing(
        'kubevirtci-testing:kustomize-build',
        `${TESTING}/kustomization.yaml`,
        (text) => text.replace('configs/labels/labels.yaml', 'configs/labels/gone.yaml'),
      );
      expect(output).toContain('Cannot build environments/kubevirtci-testing');
      expect(output).toContain('configs/labels/gone.yaml');
    });

    test('an unknown configVersion', async () => {
      const output = await failing(
        'kubevirtci-testing:render-configs',
        `${TESTING}/environment.yaml`,
        (text) => text.replace(/^configVersion:.*/m, "configVersion: '19700101'"),
      );
      expect(output).toContain(
        'names configVersion "19700101", which kustom-base/configs does not hold. Versions there: 2',
      );
    });

    test('a kustomization that references nothing', async () => {
      const output = await failing(
        'kubevirtci-testing:kustomize-build',
        `${TESTING}/kustomization.yaml`,
        () => 'namePrefix: x-\n',
      );
      expect(output).toContain(`${TESTING}/kustomization.yaml:1: references nothing`);
    });

    test('a kustomization that references what is not there', async () => {
      const output = await failing(
        'kubevirtci-testing:kustomize-build',
        `${TESTING}/kustomization.yaml`,
        (text) => text.replace('../../kustom-base', '../../kustom-bass'),
      );
      expect(output).toMatch(
        new RegExp(
          `${TESTING}/kustomization\\.yaml:\\d+: resources: \\.\\./\\.\\./kustom-bass is not there`,
        ),
      );
    });

    test('secrets that are not filled in', async () => {
      await fillSecretsOf('ibmcloud-staging');
      const output = await failing(
        'ibmcloud-staging:copy-secrets',
        'home/.config/prow-deploy/secrets/ibmcloud-staging/hmac-token/hmac',
        () => '<<FILL: 40 characters>>',
      );
      expect(output).toMatch(/hmac-token\/hmac still holds the boilerplate's text/);
    });

    test('no kubeconfig for staging', async () => {
      await fillSecretsOf('ibmcloud-staging');
      const { all, exitCode } = await workspace.nx('run', 'ibmcloud-staging:apply');
      expect(exitCode, all).toBe(1);
      expect(all).toContain(path('home/kubeconfig'));
      expect(all).not.toMatch(/\n\s+at /);
    });

    /** A kubeconfig with staging's context, to a server that is down. */
    async function kubeconfigOfStaging(): Promise<string> {
      await fillSecretsOf('ibmcloud-staging');
      const { cluster } = parse(await read(`${STAGING}/environment.yaml`)) as {
        cluster: { context: string };
      };
      return stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:9' } }],
        users: [{ name: 'u', user: { token: 'sesame' } }],
        contexts: [{ name: cluster.context, context: { cluster: 'c', user: 'u' } }],
      });
    }

    test('a cluster that is not pinned', async () => {
      const kubeconfig = await kubeconfigOfStaging();
      const output = await failing('ibmcloud-staging:apply', 'home/kubeconfig', () => kubeconfig);
      expect(output).toContain('does not pin it (cluster.identity)');
      expect(output).toContain('https://127.0.0.1:9');
      expect(output).toContain('nx run ibmcloud-staging:pin-cluster');
      expect(output).not.toContain('sesame');
    });

    test('an API server that is down', async () => {
      const before = await read(`${STAGING}/environment.yaml`);
      const identity = {
        uid: '00000000-0000-4000-8000-000000000000',
        server: 'https://127.0.0.1:9',
        caSha256: 'system',
      };
      await write(
        `${STAGING}/environment.yaml`,
        before.replace(/^ {2}context: .*/m, `$&\n  identity: ${JSON.stringify(identity)}`),
      );
      const kubeconfig = await kubeconfigOfStaging();
      const output = await failing('ibmcloud-staging:apply', 'home/kubeconfig', () => kubeconfig);
      await write(`${STAGING}/environment.yaml`, before);
      expect(output).toContain('Cannot reach the API server https://127.0.0.1:9');
      expect(output).not.toContain('sesame');
    });

    test('production whose name was not given', async () => {
      await fillSecretsOf('ibmcloud-production');
      for (const flags of [[], ['--confirm=ibmcloud-staging']]) {
        const { all, exitCode } = await workspace.nx('run', 'ibmcloud-production:apply', ...flags);
        expect(exitCode, all).toBe(1);
        expect(all).toContain('nx run ibmcloud-production:apply --confirm=ibmcloud-production');
      }
    });
  },
);

describe('apply on the embedded cluster', { timeout: 600_000 }, () => {
  afterAll(async () => {
    expect(await read(`${TESTING}/secrets/hmac-token/hmac`)).toMatch(/^[0-9a-f]{40}$/);
    await run('kubevirtci-testing:cluster-down');
    // Values that were made up end with the cluster that they were made for.
    await expect(read(`${TESTING}/secrets/hmac-token/hmac`)).rejects.toThrow('ENOENT');
  }, 60_000);

  const kubectl = async (...args: string[]): Promise<string> => {
    const { stdout } = await execa(await ensureTool('kubectl'), [
      '--kubeconfig',
      path('.cluster/kubevirtci-testing/kubeconfig'),
      ...args,
    ]);
    return stdout;
  };
  const NAMESPACE = ['--namespace', 'kubernetes-prow'];

  test('starts the cluster, applies every object, and says how to look at it', async () => {
    const output = await run('kubevirtci-testing:apply');
    expect(output).toMatch(/Applied kubevirtci-testing at .*: \d+ created\./);
    expect(output).toContain('Look at it: ');
    const { items } = JSON.parse(
      await kubectl('get', 'deployments', '--all-namespaces', '--output', 'json'),
    ) as { items: { status: { availableReplicas?: number; replicas?: number } }[] };
    expect(items.length).toBeGreaterThanOrEqual(18);
    for (const { status } of items) expect(status.availableReplicas).toBe(status.replicas);
  });

  test('the same again is a hit of every target, and the cluster is as it was', async () => {
    const versions = (): Promise<string> =>
      kubectl(
        'get',
        'deployments,configmaps,secrets,services',
        ...NAMESPACE,
        '--output',
        'jsonpath={.items[*].metadata.resourceVersion}',
      );
    const before = await versions();
    expect(hits(await run('kubevirtci-testing:apply'))).toBe('9/9 hit');
    expect(await versions()).toBe(before);
  });

  test('an object deleted by hand is restored', async () => {
    await kubectl('delete', 'deployment', 'deck', ...NAMESPACE);
    expect(hits(await run('kubevirtci-testing:apply'))).toBe('8/9 hit');
    expect(
      await kubectl(
        'get',
        'deployment',
        'deck',
        ...NAMESPACE,
        '--output',
        'jsonpath={.status.availableReplicas}',
      ),
    ).toBe('1');
    expect(hits(await run('kubevirtci-testing:apply'))).toBe('9/9 hit');
  });

  test('an object edited by hand is set back', async () => {
    await kubectl('scale', 'deployment', 'deck', '--replicas=0', ...NAMESPACE);
    expect(hits(await run('kubevirtci-testing:apply'))).toBe('8/9 hit');
    expect(
      await kubectl(
        'get',
        'deployment',
        'deck',
        ...NAMESPACE,
        '--output',
        'jsonpath={.spec.replicas}',
      ),
    ).toBe('1');
  });

  /** Applies with one more patch, which makes it fail; gives what was printed. */
  function applyWithPatch(target: string, operation: string): Promise<string> {
    const patch = `  - target: { ${target} }\n    patch: |-\n      - { ${operation} }\n`;
    return applyWithEdit(`${TESTING}/kustomization.yaml`, (text) =>
      text.replace(/^patches:\n/m, `patches:\n${patch}`),
    );
  }

  /** Applies with a file edited, which makes it fail; gives what was printed. */
  async function applyWithEdit(file: string, edit: (text: string) => string): Promise<string> {
    const before = await read(file);
    await write(file, edit(before));
    const { all, exitCode } = await workspace.nx('run', 'kubevirtci-testing:apply');
    await write(file, before);
    expect(exitCode, all).not.toBe(0);
    return all;
  }

  test('an object that the API server would reject is named, and nothing is sent', async () => {
    const output = await applyWithPatch(
      'kind: Service, name: deck',
      'op: add, path: /spec/ports/0/port, value: 99999',
    );
    expect(output).toMatch(
      /Service kubernetes-prow\/deck: spec\.ports\[0\]\.port: must be between 1 and 65535/,
    );
    expect(output).toContain('Nothing was sent.');
    // Only copy-secrets, which reads the kustomization, has to look again.
    expect(hits(await run('kubevirtci-testing:apply'))).toBe('8/9 hit');
  });

  test('a patch that matches nothing stops the apply before anything is sent', async () => {
    const output = await applyWithPatch(
      'kind: Deplyment, name: deck',
      'op: remove, path: /spec/replicas',
    );
    expect(output).toMatch(
      /error patch-matches-nothing {2}environments\/kubevirtci-testing\/kustomization\.yaml:\d+/,
    );
    expect(output).toContain('Deployment');
    expect(output).not.toContain('Applied');
    const report = JSON.parse(await read('dist/kubevirtci-testing/audit.json')) as {
      outcome: string;
    };
    expect(report.outcome).toBe('failed');
  });

  test('a configuration that Prow refuses stops the apply, at the line of the script that wrote it', async () => {
    const script = `${TESTING}/yq_scripts/config/config.yaml`;
    const wrong = '- command: update\n  path: sinker.resync_period\n  value: often\n';
    const output = await applyWithEdit(script, (text) => text + wrong);
    const lines = (await read(script)).split('\n').length;
    expect(output).toContain(`error  ${script}:${lines + 2}\n`);
    expect(output).toContain('"often"');
    expect(output).not.toContain('Applied');
  });

  test('after the cluster was made anew, everything is applied again', async () => {
    await run('kubevirtci-testing:cluster-reset');
    expect(await run('kubevirtci-testing:apply')).toMatch(/: \d+ created\./);
  });
});

/** Gives an environment a source of secrets in the workspace's own home. */
async function fillSecretsOf(name: string): Promise<void> {
  for (const { path: file, generate: recipe } of (await readShape(workspace.root)).values())
    await write(join('home/.config/prow-deploy/secrets', name, file), generate(recipe));
}

function withoutSecretValues(object: KubernetesObject): unknown {
  if (object.kind !== 'Secret') return object;
  const { data } = object as { data?: Record<string, string> };
  return { ...object, data: Object.keys(data ?? {}).sort() };
}
