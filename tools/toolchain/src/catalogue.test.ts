import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CHECKSUM_FORMATS, ownCatalogue, toolEntry } from './catalogue.ts';
import { everydayTools, toolVersion } from './ensure-tools.ts';
import { commandName } from './go-build.ts';
import { PLATFORMS } from './platform.ts';
import { readRecipe } from './recipe.ts';
import { releaseFile } from './release-file.ts';
import { TOOLS } from './tools.ts';

const catalogue = ownCatalogue();

/** Who publishes the tools. */
const OFFICIAL = [
  'https://github.com/kubernetes-sigs/',
  'https://github.com/etcd-io/',
  'https://dl.k8s.io/release/',
  'https://api.github.com/repos/kubernetes-sigs/',
  'https://github.com/containerd/containerd/',
  'https://github.com/getsops/sops/',
  'https://github.com/FiloSottile/age/',
  'https://api.github.com/repos/FiloSottile/age/',
];

/** Their digest is the one that is published beside them, at the first download. */
const UNPINNED = new Set(['kube-proxy']);

test('versions.json names the tools, and no other', () => {
  expect(Object.keys(catalogue.tools).sort()).toEqual([...TOOLS].sort());
});

test('a tool that is not there is a clear error', () => {
  expect(() => toolEntry(catalogue, 'helm')).toThrow(/^Cannot install helm: versions\.json/);
});

describe.each(TOOLS)('%s', (tool) => {
  const entry = toolEntry(catalogue, tool);
  const { directory, tags, goVersion } = readRecipe(catalogue, entry);
  const goMod = readFileSync(join(directory, 'go.mod'), 'utf8');
  const ownModule = /^module (\S+)$/m.exec(goMod)?.[1];

  test('is built from the Go module of the same version', () => {
    const required = goMod.split('\n').filter((line) => /^\s*(require )?\S+ v\S+/.test(line));
    const ofModule = (module: string) => required.find((line) => line.includes(`${module} v`));
    if (entry.source.package === ownModule) {
      // A command of ours: of the version of what it is made of, if of anything.
      const made = ofModule(`/${tool}`);
      expect(made?.split(' ') ?? [toolVersion(tool)]).toContain(toolVersion(tool));
    } else {
      const own = required.find((line) => {
        const path = line.replace('require', '').trim().split(' ')[0] ?? '';
        return `${entry.source.package}/`.startsWith(`${path}/`);
      });
      expect(own?.trim().split(' ')).toContain(toolVersion(tool));
      expect(goMod).toMatch(new RegExp(`^(tool )?\\s*${entry.source.package}$`, 'm'));
    }
    expect(goVersion).toMatch(/^1\.\d+\.\d+$/);
    expect(tags).not.toContain('');
  });

  test('prints its version where the linker sets it', () => {
    const { variables = {} } = catalogue.modules[entry.source.module] ?? {};
    for (const [name, value] of Object.entries(variables))
      if (name.endsWith('gitVersion')) expect(value).toBe(entry.version);
  });

  test('has official URLs without open templates, and digests that can be', () => {
    if (entry.release) expect(CHECKSUM_FORMATS).toContain(entry.release.checksums.format);
    for (const platform of PLATFORMS) {
      const file = releaseFile(entry, { platform, mirror: undefined });
      if (!file) continue;
      for (const url of [file.url, file.checksums.url]) {
        expect(OFFICIAL.some((prefix) => url.startsWith(prefix))).toBe(true);
        expect(url).not.toMatch(/[{}]/);
        expect(url).toContain(entry.version);
      }
      if (file.sha256 !== undefined) expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test.runIf(entry.release && !UNPINNED.has(tool))('is pinned on Linux', () => {
    for (const platform of ['linux-amd64', 'linux-arm64'] as const)
      expect(releaseFile(entry, { platform, mirror: undefined })?.sha256).toBeDefined();
  });
});

test('no two release files have the same digest', () => {
  const files = TOOLS.flatMap((tool) =>
    PLATFORMS.flatMap(
      (platform) => releaseFile(toolEntry(catalogue, tool), { platform, mirror: undefined }) ?? [],
    ),
  );
  const pinned = new Map(files.map(({ url, sha256 }) => [url, sha256] as const));
  const digests = [...pinned.values()].flatMap((sha256) => sha256 ?? []);
  expect(digests.length).toBeGreaterThan(pinned.size / 2);
  expect(new Set(digests).size).toBe(digests.length);
});

test('kubernetes and its staging modules are of one release', () => {
  const goMod = readFileSync(join(catalogue.goDirectory, 'kubernetes', 'go.mod'), 'utf8');
  const minor = toolVersion('kubectl').replace('v1.', 'v0.');
  const replaced = goMod.split('\n').filter((line) => line.includes('=>'));
  expect(replaced.length).toBeGreaterThan(25);
  for (const line of replaced) expect(line.trim()).toMatch(new RegExp(` => \\S+ ${minor}$`));
});

test('a version without its "v" is filled in, for projects that name their files so', () => {
  const file = releaseFile(toolEntry(catalogue, 'ctr'), {
    platform: 'linux-arm64',
    mirror: undefined,
  });
  expect(file).toMatchObject({
    url: 'https://github.com/containerd/containerd/releases/download/v2.1.8/containerd-static-2.1.8-linux-arm64.tar.gz',
    member: 'bin/ctr',
  });
});

test('a tool that nobody publishes has no file to download', () => {
  const entry = toolEntry(catalogue, 'coredns');
  for (const platform of PLATFORMS)
    expect(releaseFile(entry, { platform, mirror: undefined })).toBeUndefined();
});

test('the components of Prow are of one commit, and only its checkconfig is installed unasked', () => {
  const prow = TOOLS.filter((tool) => toolEntry(catalogue, tool).source.module === 'prow');
  expect(prow.length).toBeGreaterThan(15);
  expect(new Set(prow.map(toolVersion)).size).toBe(1);
  expect(everydayTools().filter((tool) => prow.includes(tool))).toEqual(['checkconfig']);
  const { variables = {} } = catalogue.modules['prow'] ?? {};
  // As upstream names its images: v<date>-<commit>.
  const [, date = '', commit = ''] = /-(\d{8})\d{6}-(\w+)$/.exec(toolVersion('deck')) ?? [];
  expect(Object.values(variables)).toEqual([`v${date}-${commit.slice(0, 9)}`]);
});

test('a mirror stands in for scheme and host, and the file is still known by its name', () => {
  const file = releaseFile(toolEntry(catalogue, 'etcd'), {
    platform: 'darwin-arm64',
    mirror: 'https://mirror.example.org/base',
  });
  expect(file).toMatchObject({
    url: 'https://mirror.example.org/base/etcd-io/etcd/releases/download/v3.6.14/etcd-v3.6.14-darwin-arm64.zip',
    name: 'etcd-v3.6.14-darwin-arm64.zip',
    member: 'etcd-v3.6.14-darwin-arm64/etcd',
    checksums: {
      url: 'https://mirror.example.org/base/etcd-io/etcd/releases/download/v3.6.14/SHA256SUMS',
    },
  });
});

test('an executable is named after its package, not after a major version', () => {
  expect(commandName('sigs.k8s.io/kustomize/kustomize/v5')).toBe('kustomize');
  expect(commandName('go.etcd.io/etcd/server/v3')).toBe('server');
  expect(commandName('k8s.io/kubernetes/cmd/kubectl')).toBe('kubectl');
});
