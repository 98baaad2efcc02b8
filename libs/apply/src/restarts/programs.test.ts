import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROGRAMS, PROW_MODULE } from './programs.ts';

const modules =
  process.env['GOMODCACHE'] ?? join(process.env['GOPATH'] ?? join(homedir(), 'go'), 'pkg', 'mod');
const source = join(modules, PROW_MODULE);

test.skipIf(!existsSync(source))(
  `each row is in the source of Prow (where Go has ${PROW_MODULE})`,
  () => {
    const rows = PROGRAMS.flatMap(({ files }) => files).filter(({ source }) => !isPage(source));
    expect(rows.length).toBeGreaterThan(60);
    for (const row of rows) {
      const [file = '', code = ''] = row.source.split(': ');
      const text = readFileSync(join(source, file), 'utf8');
      expect(text, row.source).toContain(code);
    }
  },
);

test.skipIf(!existsSync(source))(
  `each program has the flags that are said of it (where Go has ${PROW_MODULE})`,
  () => {
    // Where the flags are declared that several programs share.
    const shared = ['pkg/flagutil', 'pkg/flagutil/config', 'pkg/flagutil/plugins']
      .flatMap((folder) => FILES[folder] ?? [])
      .map((file) => readFileSync(join(source, file), 'utf8'))
      .join('\n');
    for (const { names, folders, files } of PROGRAMS) {
      if (!folders.includes('k8s-prow')) continue;
      const main = ['cmd', 'cmd/external-plugins']
        .map((folder) => join(source, folder, names[0] ?? '', 'main.go'))
        .filter((path) => existsSync(path));
      expect(main, names.join()).toHaveLength(1);
      const text = readFileSync(main[0] ?? '', 'utf8');
      for (const { flag, path } of files) {
        if (flag !== undefined) expect(`${text}\n${shared}`, flag).toContain(`"${flag}"`);
        if (flag === 'hmac-secret-file') expect(text).toContain(`"${path ?? ''}"`);
      }
    }
  },
);

test('every row says its source, and has a flag or a path', () => {
  for (const { flag, path, source } of PROGRAMS.flatMap(({ files }) => files)) {
    expect(flag ?? path).toBeDefined();
    expect(isPage(source) || source.includes('.go: '), source).toBe(true);
  }
});

const FILES: Readonly<Record<string, readonly string[]>> = {
  'pkg/flagutil': ['github', 'bugzilla', 'jira', 'kubernetes_cluster_clients'].map(
    (name) => `pkg/flagutil/${name}.go`,
  ),
  'pkg/flagutil/config': ['pkg/flagutil/config/config.go'],
  'pkg/flagutil/plugins': ['pkg/flagutil/plugins/plugins.go'],
};

function isPage(text: string): boolean {
  return text.startsWith('https://');
}
