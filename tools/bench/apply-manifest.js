// One apply, diff or fingerprint of a manifest, as a process of its own; the last line says how much memory it took.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { connect } from '@prow-deploy/cluster';

const [, , verb, workspaceRoot, file, namespace] = process.argv;
const environment = 'bench';
const spec = { provider: 'embedded', nodes: [] };
const cluster = await connect({ environment, workspaceRoot, spec });
const place = { cluster, environment: namespace, inventoryNamespace: namespace };

const manifest = await readFile(file, 'utf8');
const manifestDigest = createHash('sha256').update(manifest).digest('hex');
const record = { hash: '', manifestDigest, secretsDigest: '' };
const objects = async () => {
  const { readManifest } = await import('@prow-deploy/apply/read-manifest');
  return readManifest(manifest);
};

let done;
if (verb === 'fingerprint') {
  const { checkRecord } = await import('@prow-deploy/apply/check-record');
  done = (await checkRecord({ ...place, ...record })).current;
} else if (verb === 'diff') {
  const { diffManifest } = await import('@prow-deploy/apply/diff-manifest');
  const { plan, refused } = await diffManifest({ ...place, ...record, objects });
  done = refused === undefined && plan.objects.every(({ action }) => action === 'unchanged');
} else {
  const { apply } = await import('@prow-deploy/apply/apply');
  const settleTimeoutMs = verb === 'apply' ? 0 : 600_000;
  const result = await apply({ ...place, record, manifest, objects, settleTimeoutMs });
  if (result.outcome !== 'applied') process.stderr.write(`${result.failure.message}\n`);
  done = result.outcome === 'applied';
}
cluster.close();
const maxRssKb = process.resourceUsage().maxRSS;
process.stdout.write(`${JSON.stringify({ done, maxRssKb })}\n`);
process.exitCode = done ? 0 : 1;
