import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { auditIsolation, type AuditIsolationOptions } from './audit-isolation.ts';

const PRODUCTION = `
{ apiVersion: v1, kind: Namespace, metadata: { name: kubevirt-prow } }
---
{ apiVersion: v1, kind: Namespace, metadata: { name: ci } }
---
{ apiVersion: v1, kind: ServiceAccount, metadata: { name: deck, namespace: kubevirt-prow } }
---
{ apiVersion: v1, kind: Service, metadata: { name: mirror, namespace: kubevirt-prow } }
---
{ apiVersion: v1, kind: Service, metadata: { name: cache, namespace: ci } }
---
{ apiVersion: v1, kind: ServiceAccount, metadata: { name: ci, namespace: ci } }
---
{ apiVersion: v1, kind: Secret, metadata: { name: ghtoken, namespace: kubevirt-prow } }
---
{ apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: { name: prowjobs.prow.k8s.io } }
---
{ apiVersion: v1, kind: PersistentVolume, metadata: { name: cache-0 }, spec: { csi: { volumeHandle: vol-17 } } }
---
{ apiVersion: v1, kind: PersistentVolumeClaim, metadata: { name: c, namespace: ci }, spec: { volumeName: bound-1 } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: config, namespace: kubevirt-prow }
data:
  config.yaml: |
    plank:
      job_url_prefix_config: { '*': 'https://prow.example.org/view/' }
      default_decoration_configs: { '*': { gcs_configuration: { bucket: gs://results } } }
    deck: { spyglass: { gcs_browser_prefix: 'https://web.example.org/gcs/' } }
    presets:
      - volumes: [{ name: images, hostPath: { path: /srv/images } }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: kubevirt-prow }
spec:
  template:
    spec:
      containers: [{ name: gcsweb, args: [-b=kubevirt-prow, --status=gs://status-bucket/x] }]
      volumes:
        - { name: cache, hostPath: { path: /var/lib/cache/ } }
        - { name: docker, hostPath: { path: /var/run/docker.sock } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: hook, namespace: kubevirt-prow }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [tls.example.org] }]
  rules: [{ host: hooks.example.org, http: { paths: [{ path: /hook, pathType: Prefix }] } }]
`;

const parse = (yaml: string) =>
  parseAllDocuments(yaml).map((document) => document.toJS() as KubernetesObject);
const production = parse(PRODUCTION);
const audit = (yaml: string, options?: AuditIsolationOptions) =>
  auditIsolation(parse(yaml), production, options);

/** Names of production that a finding says an object of staging names. */
const named = (yaml: string, options?: AuditIsolationOptions) =>
  audit(yaml, options)
    .filter(({ code }) => code === 'names-other-environment')
    .map(({ message }) => /^Names (\S+), ([\w ]+) of /.exec(message)?.slice(1).join(' is a '));

const object = (kind: string, rest: string, name = 'x', namespace = 'staging') =>
  `{ apiVersion: v1, kind: ${kind}, metadata: { name: ${name}, namespace: ${namespace} }, ${rest} }`;
const container = (rest: string) =>
  object('Deployment', `spec: { template: { spec: { containers: [{ name: c, ${rest} }] } } }`);
const args = (...words: string[]) => container(`args: ${JSON.stringify(words)}`);
const config = (text: string, key = 'config.yaml') =>
  object('ConfigMap', `data: { ${key}: ${JSON.stringify(text)} }`);
const volume = (source: string) =>
  object('Pod', `spec: { containers: [], volumes: [{ name: v, ${source} }] }`);
const ingress = (host: string, path = '/', rest = 'ingressClassName: nginx', pathType = 'Prefix') =>
  object(
    'Ingress',
    `spec: { ${rest}, rules: [{ host: ${host}, http: { paths: [{ path: ${JSON.stringify(path)}, pathType: ${pathType} }] } }] }`,
  );

const NAMESPACE = 'kubevirt-prow is a namespace';
const BOTH = 'kubevirt-prow is a namespace and bucket';
const BUCKET = 'kubevirt-prow is a bucket';

describe('A name of the other environment is found', () => {
  it.each<[string, string, string]>([
    ['as the namespace of an object', object('Role', '', 'x', 'kubevirt-prow'), NAMESPACE],
    [
      'as the namespace of a subject',
      object(
        'RoleBinding',
        'subjects: [{ kind: ServiceAccount, name: deck, namespace: kubevirt-prow }]',
      ),
      NAMESPACE,
    ],
    [
      'in a group of ServiceAccounts',
      object(
        'RoleBinding',
        'subjects: [{ kind: Group, name: "system:serviceaccounts:kubevirt-prow" }]',
      ),
      NAMESPACE,
    ],
    [
      'in a selector of namespaces',
      object(
        'NetworkPolicy',
        'spec: { ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ci } } }] }] }',
      ),
      'ci is a namespace',
    ],
    ['in an argument', args('--jobs-namespace=kubevirt-prow'), NAMESPACE],
    ['as the argument after a flag', args('--namespace', 'ci'), 'ci is a namespace'],
    ['in an argument whose flag says nothing', args('--where=kubevirt-prow'), BOTH],
    ['in a host of the cluster', args('http://mirror.kubevirt-prow.svc:5000/x'), NAMESPACE],
    ['in a host of the cluster in short', args('http://cache.ci:80'), 'ci is a namespace'],
    [
      'in a host of a Service that is not rendered',
      args('http://other.ci.svc.cluster.local'),
      'ci is a namespace',
    ],
    ['as namespace and name', args('--token-secret=kubevirt-prow/ghtoken'), NAMESPACE],
    [
      'in an environment variable',
      container('env: [{ name: JOB_NAMESPACE, value: ci }]'),
      'ci is a namespace',
    ],
    [
      'in an annotation',
      `{ apiVersion: v1, kind: Secret, metadata: { name: x, annotations: { copy-from: kubevirt-prow } } }`,
      BOTH,
    ],
    ['in a script', args('-c', 'set -e\nkubectl get pods -n ci'), 'ci is a namespace'],
    ['in a configuration file', config('pod_namespace: ci'), 'ci is a namespace'],
    [
      'in a list of a configuration file',
      config('config_updater: { maps: { a.yaml: { clusters: { default: [ci] } } } }'),
      'ci is a namespace',
    ],
    [
      'in text that is no YAML',
      config('registry = "http://mirror.kubevirt-prow.svc"; {', 'nginx.conf'),
      NAMESPACE,
    ],
    [
      'in text, by what stands before it',
      config('[a]\nnamespace = ci', 'app.ini'),
      'ci is a namespace',
    ],
    ['in an API path', args('--url=/api/v1/namespaces/ci/pods'), 'ci is a namespace'],
    ['as the folder of a node', volume('hostPath: { path: /srv/kubevirt-prow }'), BOTH],
    ['as a bucket with its scheme', args('--history-uri=gs://results/tide'), 'results is a bucket'],
    ['as a bucket by its flag', args('-b', 'results'), 'results is a bucket'],
    [
      'as a bucket by its key',
      config('gcs_configuration: { bucket: results }'),
      'results is a bucket',
    ],
    [
      'as a bucket in a link',
      config("url: 'https://prow.staging.org/view/gs/kubevirt-prow/logs'"),
      BUCKET,
    ],
    [
      'as a bucket at its storage',
      args('https://storage.googleapis.com/results/x'),
      'results is a bucket',
    ],
    [
      'as a bucket that an argument of the other names by a scheme',
      args('s3://status-bucket'),
      'status-bucket is a bucket',
    ],
    [
      'as a host that its Ingress serves',
      config('link: https://hooks.example.org/a'),
      'hooks.example.org is a host',
    ],
    [
      'as a host of its certificate',
      args('--host=tls.example.org:443'),
      'tls.example.org is a host',
    ],
    [
      'as a host that its Prow calls itself',
      args('https://prow.example.org'),
      'prow.example.org is a host',
    ],
    ['as a host beside that', args('https://web.example.org/gcs'), 'web.example.org is a host'],
    [
      'as a host of an Ingress of another class',
      ingress('hooks.example.org', '/', 'ingressClassName: other'),
      'hooks.example.org is a host',
    ],
    [
      'as a folder of a node',
      volume('hostPath: { path: /var/lib/cache }'),
      '/var/lib/cache is a folder',
    ],
    [
      'as a folder within one',
      volume('hostPath: { path: /var/lib/cache/a }'),
      '/var/lib/cache is a folder',
    ],
    [
      'as a folder in a configuration file',
      config('volumes: [{ hostPath: { path: /srv/images } }]'),
      '/srv/images is a folder',
    ],
    [
      'as the folder of a local volume',
      object('PersistentVolume', 'spec: { local: { path: /var/lib/cache } }'),
      '/var/lib/cache is a folder',
    ],
    [
      'as a disk',
      object('PersistentVolume', 'spec: { csi: { volumeHandle: vol-17 } }'),
      'vol-17 is a disk',
    ],
    [
      'as a PersistentVolume that it has',
      object('PersistentVolumeClaim', 'spec: { volumeName: cache-0 }'),
      'cache-0 is a PersistentVolume',
    ],
    [
      'as a PersistentVolume that it claims',
      object('PersistentVolumeClaim', 'spec: { volumeName: bound-1 }'),
      'bound-1 is a PersistentVolume',
    ],
  ])('%s', (_, yaml, name) => {
    expect(named(yaml)).toEqual([name]);
  });
});

describe('A name of the other environment is not seen', () => {
  it.each<[string, string]>([
    [
      'in a longer name',
      args('--namespace=staging-kubevirt-prow', '-b=kubevirt-prow-2', '--a=my_ci'),
    ],
    [
      'in a repository',
      config('tide: { queries: [{ repos: [ci/ci, kubevirt-prow/kubevirt-prow] }] }'),
    ],
    [
      'in a repository that is a key',
      config('plugins: { ci/ci: [lgtm], kubevirt-prow/x: [lgtm] }'),
    ],
    ['as an organization', config('orgs: [kubevirt-prow]')],
    ['in a URL of a repository', args('https://github.com/kubevirt-prow/kubevirt-prow/tree/ci')],
    ['in an image', container('image: quay.io/kubevirt-prow/ci')],
    ['in an image within an argument', args('--image=quay.io/kubevirt-prow/ci:v1')],
    ['in a label or selector', object('Service', 'spec: { selector: { app: kubevirt-prow } }')],
    ['in the name of an object here', object('Role', '', 'kubevirt-prow')],
    ['in a word that means something else', args('--mode=ci', 'run ci now', '--clean=ci')],
    ['in a comment of a configuration file', config('# production has kubevirt-prow\na: 1')],
    ['in a comment of a script', args('-c', '# not kubevirt-prow\ntrue')],
    [
      'in an address of Google',
      args('kubevirt-prow@project.iam.gserviceaccount.com', 'a@kubevirt-prow.iam'),
    ],
    [
      'as part of a public host',
      args('https://kubevirt-prow.example.com', 'https://ci.example.com'),
    ],
    [
      'in a folder of a container',
      container('volumeMounts: [{ name: v, mountPath: /var/lib/cache }]'),
    ],
    ['in a folder beside the other', volume('hostPath: { path: /var/lib/cache-2 }')],
    [
      'in a host below or above the other',
      args('https://a.hooks.example.org', 'https://example.org', 'hooks.example.org.uk'),
    ],
    ['in an e-mail address', args('admin@hooks.example.org')],
    ['in a folder of the node’s system', volume('hostPath: { path: /var/run/docker.sock }')],
    [
      'in the values of a Secret',
      object('Secret', `stringData: { a: kubevirt-prow }, data: { b: a3ViZXZpcnQtcHJvdw== }`),
    ],
    ['in public hosts', args('https://api.github.com', 'https://registry-1.docker.io')],
    [
      'in the schema of a CustomResourceDefinition',
      `{ apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: { name: a.b.c },
      spec: { versions: [{ name: v1, schema: { openAPIV3Schema: { description: kubevirt-prow } } }] } }`,
    ],
  ])('%s', (_, yaml) => {
    expect(audit(yaml)).toEqual([]);
  });
});

it('A configuration file whose aliases lead in a circle is read once', () => {
  expect(named(config('a: &a { namespace: ci, again: *a }'))).toEqual(['ci is a namespace']);
});

describe('What an environment owns', () => {
  const own = (yaml: string, use: string) =>
    auditIsolation(parse(use), parse(yaml)).map(({ message }) => message.split(',')[0]);

  it('includes the namespace its pods are in without rendering it, not that in which it has a binding only', () => {
    const from = `${args('x').replace('staging', 'prow-a')}\n---\n${object('RoleBinding', '', 'x', 'monitor-b')}`;
    expect(own(from, args('--namespace=prow-a', '--namespace=monitor-b'))).toEqual([
      'Names prow-a',
    ]);
  });

  it('leaves out what the system has', () => {
    const from = container('args: []').replace('staging', 'kube-system');
    expect(own(from, args('--namespace=kube-system'))).toEqual([]);
  });

  it('leaves out buckets that only scripts read from, and branches', () => {
    const from =
      `${config('run: gsutil cp gs://public-release/x .', 'run.sh')}\n---\n${args('-b=release-1.0')}`.replaceAll(
        'staging',
        'prow-a',
      );
    expect(own(from, args('gs://public-release/x', '-b=release-1.0'))).toEqual([]);
  });

  it('tells a host from the API group of the same name', () => {
    const from = ingress('prow.k8s.io').replaceAll('staging', 'prow-a');
    const crd = `{ apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: { name: a.prow.k8s.io, annotations: { prow.k8s.io/x: prow.k8s.io/v1 } }, spec: { group: prow.k8s.io } }`;
    const role = `{ apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: { name: x }, rules: [{ apiGroups: [prow.k8s.io] }] }`;
    const job = config(
      'jobs: [{ annotations: { prow.k8s.io/job: a }, command: kubectl get prowjobs.v1.prow.k8s.io prow.k8s.io/v1 }]',
    );
    expect(own(from, [crd, role, job].join('\n---\n'))).toEqual([]);
    expect(own(from, `${crd}\n---\n${args('--redirect-http-to=prow.k8s.io')}`)).toEqual([
      'Names prow.k8s.io',
    ]);
    expect(own(from, `${crd}\n---\n${config('a: https://prow.k8s.io/view')}`)).toEqual([
      'Names prow.k8s.io',
    ]);
    expect(own(from, `${crd}\n---\n${ingress('prow.k8s.io', '/a')}`)).toEqual([
      'Names prow.k8s.io',
    ]);
  });

  it('leaves out a browser of artifacts in another domain', () => {
    const from = config(
      'plank: { job_url_prefix: https://prow.a.org/ }\ndeck: { spyglass: { gcs_browser_prefix: https://web.b.io/ } }',
    );
    expect(own(from, args('https://web.b.io/', 'https://prow.a.org/'))).toEqual([
      'Names prow.a.org',
    ]);
  });
});

describe('A finding', () => {
  it('is one for all places in an object, and says what makes the name the other’s', () => {
    const findings = audit(args('-b=results', 'gs://results', 'gs://results/a', 'gs://results/b'), {
      from: 'production',
      environment: 'staging',
    });
    expect(findings).toMatchObject([
      { code: 'names-other-environment', severity: 'error', object: 'Deployment staging/x' },
    ]);
    expect(findings[0]?.message).toBe(
      'Names results, bucket of production (ConfigMap kubevirt-prow/config: data[config.yaml] ' +
        'plank.default_decoration_configs[*].gcs_configuration.bucket), at ' +
        'spec.template.spec.containers[0].args[0], spec.template.spec.containers[0].args[1], ' +
        'spec.template.spec.containers[0].args[2] and 1 more places. Name what staging has of its own instead.',
    );
  });
});

describe('Objects that both have', () => {
  it('are errors, once each, and not for their namespace too', () => {
    const findings = audit(PRODUCTION);
    expect(new Set(findings.map(({ code }) => code))).toEqual(
      new Set(['shared-object', 'names-other-environment']),
    );
    expect(findings.filter(({ code }) => code === 'shared-object')).toHaveLength(production.length);
    expect(findings.some(({ message }) => message.includes('kubevirt-prow, namespace'))).toBe(
      false,
    );
  });

  it('are told apart by group and namespace, not by version; a cluster’s objects have no namespace', () => {
    const shared = (yaml: string) =>
      audit(yaml)
        .filter(({ code }) => code === 'shared-object')
        .map(({ object: name }) => name);
    expect(
      shared(
        '{ apiVersion: apiextensions.k8s.io/v1beta1, kind: CustomResourceDefinition, metadata: { name: prowjobs.prow.k8s.io } }',
      ),
    ).toHaveLength(1);
    expect(
      shared(
        '{ apiVersion: v1, kind: PersistentVolume, metadata: { name: cache-0, namespace: a } }',
      ),
    ).toHaveLength(1);
    expect(shared(object('Service', '', 'mirror'))).toEqual([]);
    expect(
      shared(
        '{ apiVersion: serving.knative.dev/v1, kind: Service, metadata: { name: mirror, namespace: kubevirt-prow } }',
      ),
    ).toEqual([]);
  });

  it('are nobody’s matter in another cluster, and neither are folders and volumes', () => {
    const elsewhere = PRODUCTION.replaceAll(
      /results|status-bucket|kubevirt-prow(?=, --status)/g,
      'my-own',
    ).replaceAll('example.org', 'test.org');
    expect(audit(elsewhere, { sameCluster: false })).toEqual([]);
    expect(
      named(args('-b=results', 'https://tls.example.org'), { sameCluster: false }),
    ).toHaveLength(2);
    expect(named(args('--namespace=ci'), { sameCluster: false })).toEqual(['ci is a namespace']);
  });

  it('include a PersistentVolume that is rendered here and claimed there', () => {
    const yaml = `{ apiVersion: v1, kind: PersistentVolume, metadata: { name: bound-1 } }
---
${object('PersistentVolumeClaim', 'spec: { volumeName: bound-1 }')}`;
    expect(audit(yaml)).toEqual([]);
  });
});

describe('An Ingress', () => {
  const codes = (yaml: string) => audit(yaml).map(({ code }) => code);

  it('that claims the other’s host and path is reported once', () => {
    expect(codes(ingress('hooks.example.org', '/hook'))).toEqual(['ingress-claimed-twice']);
    expect(
      codes(ingress('hooks.example.org', '/hook/', 'tls: [{ hosts: [hooks.example.org] }]')),
    ).toEqual(['ingress-claimed-twice']);
  });

  it('that claims another path of the host names the host', () => {
    expect(codes(ingress('hooks.example.org', '/staging'))).toEqual(['names-other-environment']);
  });

  it('of a host of its own is fine', () => {
    expect(codes(ingress('staging.example.com', '/hook'))).toEqual([]);
  });
});
