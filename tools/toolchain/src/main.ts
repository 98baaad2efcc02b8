import { parseArgs } from 'node:util';
import { ensureTools, everydayTools, toolVersion } from './ensure-tools.ts';
import { ToolchainError } from './errors.ts';
import { printProgress } from './print-progress.ts';
import { isToolName, TOOLS, type ToolName } from './tools.ts';

const USAGE = `Usage: toolchain [--json] [tool...]

Installs the pinned tools (default: those that every deployment needs) and prints where they are.
By default: ${everydayTools().join(', ')}
When named: ${TOOLS.filter((name) => !everydayTools().includes(name)).join(', ')}

  --json   print {"<tool>": {"version", "path"}} instead of lines
  --help   print this

PROW_DEPLOY_TOOLCHAIN  download-first (default), build-first, download, build
PROW_DEPLOY_MIRROR     base URL that stands in for scheme and host of the official URLs
XDG_CACHE_HOME         where the cache is (default ~/.cache)
`;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  // Not `once`: the lock's own handler ends the process at once when it finds itself alone.
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort(new Error(`Stopped by ${signal}.`));
  });

run(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
    const expected = error instanceof ToolchainError || stop.signal.aborted;
    const text = error instanceof Error ? (expected ? error.message : error.stack) : String(error);
    process.stderr.write(`${text ?? ''}\n`);
    process.exitCode = stop.signal.aborted ? 130 : 1;
  },
);

async function run(args: string[]): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 1;
  }
  const { values, positionals } = parsed;
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const unknown = positionals.find((word) => !isToolName(word));
  if (unknown !== undefined) {
    process.stderr.write(`Cannot install ${unknown}: it is none of ${TOOLS.join(', ')}.\n`);
    return 1;
  }
  const names: readonly ToolName[] =
    positionals.length > 0 ? positionals.filter(isToolName) : everydayTools();
  const paths = await ensureTools(names, {
    signal: stop.signal,
    onProgress: printProgress(process.stderr),
  });
  if (values.json) {
    const tools = names.map((name) => [name, { version: toolVersion(name), path: paths[name] }]);
    process.stdout.write(JSON.stringify(Object.fromEntries(tools), null, 2) + '\n');
  } else {
    for (const name of names) process.stdout.write(`${name} ${toolVersion(name)} ${paths[name]}\n`);
  }
  return 0;
}
