/** What the page of a run says; all of it is shown as it is, and masked when it is written. */
export interface IndexPage {
  readonly title: string;
  /** ISO 8601. */
  readonly at: string;
  /** The steps of the run, with how each ended. */
  readonly steps: readonly PageStep[];
  /** Paths of the files, relative to the page. */
  readonly files: readonly string[];
  readonly missing: readonly string[];
}

export interface PageStep {
  readonly name: string;
  readonly outcome: string;
  /** In milliseconds; absent while it goes on. */
  readonly durationMs?: number | undefined;
  /** What it had to say. */
  readonly lines: readonly string[];
}

/** A page that a person can read: how the run ended, and links to everything that was collected. Pure. */
export function indexPage({ title, at, steps, files, missing }: IndexPage): string {
  const folders = groups(files);
  const rows = steps.map(({ name, outcome, durationMs, lines }) => {
    const took = durationMs === undefined ? '' : `${(durationMs / 1000).toFixed(1)} s`;
    const said = lines.length === 0 ? '' : `<pre>${escape(lines.join('\n'))}</pre>`;
    return `<tr class="${escape(outcome)}"><td>${escape(name)}</td><td>${escape(outcome)}</td><td>${took}</td><td>${said}</td></tr>`;
  });
  const links = [...folders].map(([folder, paths]) => {
    const items = paths.map((path) => {
      const href = path.split('/').map(encodeURIComponent).join('/');
      return `<li><a href="${href}">${escape(path.slice(folder === '' ? 0 : folder.length + 1))}</a></li>`;
    });
    return `<details${folder === '' ? ' open' : ''}><summary>${escape(folder === '' ? 'files' : folder)} (${paths.length})</summary><ul>${items.join('')}</ul></details>`;
  });
  const absent =
    missing.length === 0
      ? ''
      : `<h2>Not collected</h2><ul>${missing.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escape(title)}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid #ccc; padding: .3rem .6rem; vertical-align: top; }
pre { margin: 0; white-space: pre-wrap; font-size: 13px; }
.failed td:nth-child(2) { color: #b00; font-weight: bold; }
.passed td:nth-child(2) { color: #070; }
</style>
</head>
<body>
<h1>${escape(title)}</h1>
<p>${escape(at)}</p>
<table>
${rows.join('\n')}
</table>
<h2>Collected</h2>
${links.join('\n')}
${absent}
</body>
</html>
`;
}

function groups(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const file of files) {
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return new Map([...folders].sort(([a], [b]) => a.localeCompare(b)));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
