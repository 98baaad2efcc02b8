import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { auditReferences } from './audit-references.ts';
import type { ExternalObject } from './external-object.ts';

function parse(yaml: string): KubernetesObject[] {
  return parseAllDocuments(yaml).map((document) => document.toJS() as KubernetesObject);
}

const codesOf = (yaml: string, external: ExternalObject[] = []) =>
  auditReferences(parse(yaml), { external }).map(({ code }) => code);

/** A Deployment prow/hook with the given pod spec. */
const pod = (spec: string) => `{ apiVersion: apps/v1, kind: Deployment,
  metadata: { name: hook, namespace: prow }, spec: { template: {
  metadata: { labels: { app: hook } }, spec: ${spec} } } }`;
const container = (fields: string) => pod(`{ containers: [{ name: hook, ${fields} }] }`);
const args = (...words: string[]) => container(`args: ${JSON.stringify(words)}`);
const service = (name: string, namespace = 'prow', ports = '[{ port: 80, name: main }]') =>
  `{ apiVersion: v1, kind: Service, metadata: { name: ${name}, namespace: ${namespace} }, spec: { ports: ${ports} } }`;
const object = (kind: string, name: string, rest = '', namespace = 'prow') =>
  `{ apiVersion: v1, kind: ${kind}, metadata: { name: ${name}, namespace: ${namespace} }${rest && ', '}${rest} }`;
const config = (text: string, key = 'config.yaml') =>
  object('ConfigMap', 'config', `data: { ${key}: ${JSON.stringify(text)} }`);
const binding = (role: string, subject: string, kind = 'RoleBinding') =>
  `{ apiVersion: rbac.authorization.k8s.io/v1, kind: ${kind}, metadata: { name: b, namespace: prow },
  roleRef: { apiGroup: rbac.authorization.k8s.io, ${role} }, subjects: [${subject}] }`;
const role = `{ apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: { name: hook, namespace: prow } }`;
const account = object('ServiceAccount', 'hook');
const backend = (value: string, version = 'v1') => `{ apiVersion: networking.k8s.io/${version},
  kind: Ingress, metadata: { name: i, namespace: prow },
  spec: { rules: [{ host: a.org, http: { paths: [{ path: /, backend: ${value} }] } }] } }`;

interface Case {
  readonly name: string;
  readonly objects: readonly string[];
  readonly codes: readonly string[];
  readonly external?: ExternalObject[];
}

function cases(table: readonly Case[]): void {
  test.each(table)('$name', ({ objects, codes, external }) => {
    expect(codesOf(objects.join('\n---\n'), external)).toEqual(codes);
  });
}

describe('ServiceAccounts, roles and subjects', () => {
  const uses = pod('{ serviceAccountName: hook, containers: [] }');
  const cronJob = `{ apiVersion: batch/v1, kind: CronJob, metadata: { name: c, namespace: prow },
    spec: { jobTemplate: { spec: { template: { spec: { serviceAccountName: hook, containers: [] } } } } } }`;
  const bare = `{ apiVersion: v1, kind: Pod, metadata: { name: p, namespace: prow }, spec: { serviceAccount: hook, containers: [] } }`;
  const rollout = `{ apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: { name: r, namespace: prow },
    spec: { template: { spec: { serviceAccountName: hook, containers: [] } } } }`;
  const own = 'kind: Role, name: hook';
  const subject = '{ kind: ServiceAccount, name: hook, namespace: prow }';
  cases([
    { name: 'a rendered ServiceAccount is found', objects: [uses, account], codes: [] },
    { name: 'an absent one is not', objects: [uses], codes: ['absent-service-account'] },
    { name: 'nor that of a CronJob', objects: [cronJob], codes: ['absent-service-account'] },
    {
      name: 'nor that of a Pod, by its old field',
      objects: [bare],
      codes: ['absent-service-account'],
    },
    {
      name: 'nor that of a custom resource with a pod template',
      objects: [rollout],
      codes: ['absent-service-account'],
    },
    {
      name: 'one of another namespace is another one',
      objects: [uses, object('ServiceAccount', 'hook', '', 'jobs')],
      codes: ['absent-service-account'],
    },
    {
      name: 'every namespace has the ServiceAccount default',
      objects: [pod('{ serviceAccountName: default, containers: [] }')],
      codes: [],
    },
    {
      name: 'a binding of what is there',
      objects: [binding(own, subject), role, account],
      codes: [],
    },
    { name: 'an absent Role', objects: [binding(own, subject), account], codes: ['absent-role'] },
    {
      name: 'an absent ClusterRole',
      objects: [binding('kind: ClusterRole, name: prow', subject), account],
      codes: ['absent-role'],
    },
    {
      name: 'ClusterRoles of every cluster',
      objects: ['cluster-admin', 'view', 'system:auth-delegator'].map((name) =>
        binding(`kind: ClusterRole, name: '${name}'`, ''),
      ),
      codes: [],
    },
    {
      name: 'a subject of the namespace default, where nothing is rendered',
      objects: [binding(own, '{ kind: ServiceAccount, name: hook, namespace: default }'), role],
      codes: ['absent-subject'],
    },
    {
      name: 'a subject without a namespace is in that of its binding',
      objects: [binding(own, '{ kind: ServiceAccount, name: hook }'), role, account],
      codes: [],
    },
    {
      name: 'ServiceAccounts of kube-system, people and groups of people',
      objects: [
        binding(own, '{ kind: ServiceAccount, name: x, namespace: kube-system }'),
        binding(own, "{ kind: User, name: jane }, { kind: Group, name: 'system:authenticated' }"),
        role,
      ],
      codes: [],
    },
    {
      name: 'a user that is an absent ServiceAccount, a group of an absent namespace',
      objects: [
        binding(own, "{ kind: User, name: 'system:serviceaccount:prow:deck' }"),
        binding(own, "{ kind: Group, name: 'system:serviceaccounts:jobs' }"),
        role,
      ],
      codes: ['absent-subject', 'absent-namespace'],
    },
  ]);
});

describe('ConfigMaps, Secrets, keys and claims', () => {
  const map = object('ConfigMap', 'config', 'data: { config.yaml: "" }, binaryData: { logo: "" }');
  const secret = object('Secret', 'token', 'stringData: { oauth: "" }');
  const volume = (source: string, mount = 'mountPath: /etc/x', rest = '') =>
    pod(`{ volumes: [{ name: v, ${source} }],
      containers: [{ name: hook, volumeMounts: [{ name: v, ${mount} }] ${rest} }] }`);
  const env = (source: string) => container(`env: [{ name: A, valueFrom: { ${source} } }]`);
  cases([
    {
      name: 'volumes of what is there',
      objects: [
        volume('configMap: { name: config, items: [{ key: logo, path: l }] }'),
        volume('secret: { secretName: token }'),
        volume(
          'projected: { sources: [{ secret: { name: token } }, { configMap: { name: config } }] }',
        ),
        map,
        secret,
      ],
      codes: [],
    },
    {
      name: 'an absent ConfigMap',
      objects: [volume('configMap: { name: config }')],
      codes: ['absent-config-map'],
    },
    {
      name: 'an absent Secret',
      objects: [volume('secret: { secretName: token }')],
      codes: ['absent-secret'],
    },
    {
      name: 'absent ones of a projected volume',
      objects: [
        volume('projected: { sources: [{ secret: { name: a } }, { configMap: { name: b } }] }'),
      ],
      codes: ['absent-config-map', 'absent-secret'].reverse(),
    },
    {
      name: 'an optional one may be absent',
      objects: [
        volume('configMap: { name: config, optional: true }'),
        env('secretKeyRef: { name: token, key: a, optional: true }'),
      ],
      codes: [],
    },
    {
      name: 'an absent key of items',
      objects: [volume('configMap: { name: config, items: [{ key: x, path: l }] }'), map],
      codes: ['absent-key'],
    },
    {
      name: 'an absent key of a variable',
      objects: [env('secretKeyRef: { name: token, key: oaut }'), secret],
      codes: ['absent-key'],
    },
    {
      name: 'envFrom and imagePullSecrets',
      objects: [
        container('envFrom: [{ configMapRef: { name: a } }, { secretRef: { name: b } }]'),
        pod('{ imagePullSecrets: [{ name: c }], containers: [] }'),
      ],
      codes: ['absent-config-map', 'absent-secret', 'absent-secret'],
    },
    {
      name: 'a subPath that is a key, and one that is none',
      objects: [
        volume('configMap: { name: config }', 'mountPath: /x, subPath: logo'),
        volume('configMap: { name: config }', 'mountPath: /x, subPath: Logo'),
        map,
      ],
      codes: ['absent-key'],
    },
    {
      name: 'a path below a mount that is a key, and one that is none',
      objects: [
        volume(
          'configMap: { name: config }',
          'mountPath: /etc/x/',
          ', args: [--config=/etc/x/config.yaml, --dir=/etc/x, --other=/etc/y/z]',
        ),
        volume(
          'configMap: { name: config }',
          'mountPath: /etc/x',
          ', args: [--c=/etc/x/config.yml]',
        ),
        map,
      ],
      codes: ['absent-key'],
    },
    {
      name: 'paths are those of items; what the cluster fills in is not known',
      objects: [
        volume(
          'configMap: { name: config, items: [{ key: logo, path: img/l }] }',
          'mountPath: /etc/x',
          ', args: [--a=/etc/x/img/l, --b=/etc/x/logo]',
        ),
        volume('secret: { secretName: sa }', 'mountPath: /etc/x', ', args: [--t=/etc/x/token]'),
        map,
        object('Secret', 'sa', 'type: kubernetes.io/service-account-token'),
      ],
      codes: ['absent-key'],
    },
    {
      name: 'a variable may lead to what others add to an empty ConfigMap, an argument may not',
      objects: [
        volume(
          'configMap: { name: certs }',
          'mountPath: /etc/x',
          ', env: [{ name: SSL_CERT_FILE, value: /etc/x/cert }], args: [--ca=/etc/x/ca.crt]',
        ),
        object('ConfigMap', 'certs'),
      ],
      codes: ['absent-key'],
    },
    {
      name: 'a volume that a StatefulSet replaces by its own claim',
      objects: [
        `{ apiVersion: apps/v1, kind: StatefulSet, metadata: { name: db, namespace: prow }, spec: {
          template: { spec: { containers: [], volumes: [{ name: data, persistentVolumeClaim: { claimName: x } }] } },
          volumeClaimTemplates: [{ metadata: { name: data } }] } }`,
      ],
      codes: [],
    },
    {
      name: 'a claim that is there, one that a StatefulSet makes, and one that is absent',
      objects: [
        volume('persistentVolumeClaim: { claimName: cache }'),
        volume('persistentVolumeClaim: { claimName: data-db-0 }'),
        volume('persistentVolumeClaim: { claimName: store }'),
        object('PersistentVolumeClaim', 'cache'),
        `{ apiVersion: apps/v1, kind: StatefulSet, metadata: { name: db, namespace: prow },
          spec: { volumeClaimTemplates: [{ metadata: { name: data } }] } }`,
      ],
      codes: ['absent-claim'],
    },
    {
      name: 'a claim of a volume that is absent, of one that is there, and of an old one of the cluster',
      objects: [
        object('PersistentVolumeClaim', 'a', 'spec: { volumeName: gone }'),
        object('PersistentVolumeClaim', 'b', 'spec: { volumeName: there }'),
        object(
          'PersistentVolumeClaim',
          'c',
          'spec: { volumeName: pvc-0b7d8c1e-4d5f-4a51-9a7c-1f2e3d4c5b6a }',
        ),
        '{ apiVersion: v1, kind: PersistentVolume, metadata: { name: there } }',
      ],
      codes: ['absent-claim'],
    },
    {
      name: 'a class of storage, of Ingress or of priority is the cluster’s',
      objects: [
        object('PersistentVolumeClaim', 'a', 'spec: { storageClassName: fast }'),
        pod('{ priorityClassName: high, runtimeClassName: kata, containers: [] }'),
      ],
      codes: [],
    },
    {
      name: 'Secrets that a Job, a Certificate or an ACME client makes',
      objects: [
        volume('secret: { secretName: webhook }'),
        volume('secret: { secretName: cert }'),
        `{ apiVersion: batch/v1, kind: Job, metadata: { name: j, namespace: prow }, spec: { template:
          { spec: { containers: [{ name: c, args: [create, --secret-name=webhook] }] } } } }`,
        `{ apiVersion: cert-manager.io/v1, kind: Certificate, metadata: { name: c, namespace: prow }, spec: { secretName: cert } }`,
        `{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i, namespace: prow,
          annotations: { cert-manager.io/issuer: x } }, spec: { tls: [{ secretName: tls }] } }`,
      ],
      codes: [],
    },
    {
      name: 'the Secret of an Ingress that nobody makes',
      objects: [
        `{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i, namespace: prow }, spec: { tls: [{ secretName: tls }] } }`,
      ],
      codes: ['absent-secret'],
    },
    {
      name: 'an object named as namespace/name by a flag that says of which kind it is',
      objects: [
        container(`env: [{ name: NS, valueFrom: { fieldRef: { fieldPath: metadata.namespace } } }],
          args: [--configmap=$(NS)/config, --configmap=$(NS)/nginx, --repository-secret=owner/name]`),
        map,
      ],
      codes: ['absent-config-map'],
    },
  ]);
});

describe('Services and their ports', () => {
  const selecting = (selector: string, ports = '[{ port: 80 }]') =>
    object('Service', 'hook', `spec: { selector: ${selector}, ports: ${ports} }`);
  const named = container('ports: [{ containerPort: 8888, name: http }]');
  cases([
    {
      name: 'an Ingress to a Service that is there, by number and by name, old and new',
      objects: [
        backend('{ service: { name: deck, port: { number: 80 } } }'),
        backend('{ service: { name: deck, port: { name: main } } }'),
        backend('{ serviceName: deck, servicePort: 80 }', 'v1beta1'),
        service('deck'),
      ],
      codes: [],
    },
    {
      name: 'an Ingress to an absent Service',
      objects: [backend('{ service: { name: deck, port: { number: 80 } } }')],
      codes: ['absent-service'],
    },
    {
      name: 'an Ingress to a port that the Service does not have',
      objects: [
        backend('{ service: { name: deck, port: { number: 8080 } } }'),
        backend('{ serviceName: deck, servicePort: http }', 'v1beta1'),
        service('deck'),
      ],
      codes: ['absent-port', 'absent-port'],
    },
    {
      name: 'a default backend',
      objects: [
        `{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i, namespace: prow },
          spec: { defaultBackend: { service: { name: x, port: { number: 80 } } } } }`,
      ],
      codes: ['absent-service'],
    },
    {
      name: 'webhooks, conversions and API services',
      objects: [
        `{ apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: { name: w },
          webhooks: [{ name: a, clientConfig: { service: { name: w, namespace: prow } } }, { name: b, clientConfig: { url: 'https://b' } }] }`,
        `{ apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: { name: c },
          spec: { conversion: { webhook: { clientConfig: { service: { name: w, namespace: prow } } } } } }`,
        `{ apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: { name: s }, spec: { service: { name: w, namespace: prow, port: 444 } } }`,
      ],
      codes: ['absent-service', 'absent-service', 'absent-service'],
    },
    {
      name: 'a Service selects a pod template',
      objects: [selecting('{ app: hook }'), named],
      codes: [],
    },
    {
      name: 'a Service selects nothing',
      objects: [selecting('{ app: hook, tier: x }'), named],
      codes: ['service-selects-nothing'],
    },
    {
      name: 'a Service without a selector, and one of another name',
      objects: [
        service('plain'),
        object(
          'Service',
          'x',
          'spec: { type: ExternalName, externalName: a.org, selector: { a: b } }',
        ),
      ],
      codes: [],
    },
    {
      name: 'a Service for pods that a controller makes for a custom resource',
      objects: [
        selecting('{ prometheus: main }'),
        `{ apiVersion: monitoring.coreos.com/v1, kind: Prometheus, metadata: { name: main, namespace: prow } }`,
      ],
      codes: [],
    },
    {
      name: 'a Service for a Pod that is declared',
      objects: [selecting('{ app: x }')],
      external: [{ kind: 'Pod', name: 'hook', namespace: 'prow' }],
      codes: [],
    },
    {
      name: 'a named target port that a container has; a number needs none',
      objects: [
        selecting(
          '{ app: hook }',
          '[{ port: 80, targetPort: http }, { port: 81, targetPort: 81 }]',
        ),
        named,
      ],
      codes: [],
    },
    {
      name: 'a named target port that no container has',
      objects: [selecting('{ app: hook }', '[{ port: 80, targetPort: https }]'), named],
      codes: ['absent-port'],
    },
    {
      name: 'a probe of a port by a name that the container does not have',
      objects: [
        container(`ports: [{ containerPort: 1, name: http }],
          livenessProbe: { httpGet: { port: http } }, readinessProbe: { tcpSocket: { port: health } }`),
      ],
      codes: ['absent-port'],
    },
  ]);
});

describe('hosts', () => {
  const found = (name: string, ...words: string[]): Case => ({
    name,
    objects: [args(...words), service('ghproxy'), service('tide', 'jobs')],
    codes: [],
  });
  const absent = (name: string, word: string, code = 'absent-host'): Case => ({
    ...found(name, word),
    codes: [code],
  });
  cases([
    found('a Service of the own namespace', '--e=http://ghproxy', '--e', 'http://ghproxy:80/x'),
    found('a Service by its full name', '--e=http://ghproxy.prow.svc.cluster.local/'),
    found('a Service of another namespace', '--e=http://tide.jobs', '--e=http://tide.jobs.svc:80'),
    found('a pod behind a Service', '--e=http://ghproxy-0.ghproxy.prow.svc'),
    found('hosts of the world', '--e=https://api.github.com', '--e=https://prow.k8s.io/'),
    found('addresses', '--e=http://10.0.0.1:8080', '--e=http://[::1]:80', '--a=0.0.0.0:80'),
    found('this machine', '--e=http://localhost:8080', '--addr=localhost:80', '--addr=:8080'),
    found(
      'buckets, files, sockets',
      '--b=gs://prow',
      '--b=s3://prow/x',
      '--f=file:///x',
      '--u=unix:///x',
    ),
    found(
      'templates',
      '--e=http://$(HOST)/',
      '--e=http://{{.Host}}',
      '--e=http://a-${X}/',
      '--e=http://%s',
    ),
    found('the API server', '--e=https://kubernetes.default.svc'),
    found('Services of kube-system', '--e=http://kube-dns.kube-system.svc:9153'),
    found('a flag that names a host', '--push-gateway=ghproxy', '--push-gateway=tide.jobs.svc'),
    found('a path in place of a URL', '--oauth-url=/github-login', '--redirect-url=login'),
    found(
      'a flag that ends like one with a host, with another value',
      '--server=nginx',
      '--host=web',
    ),
    absent('a host without dots that is no Service of the namespace', '--tide-url=http://tide/'),
    absent('an absent Service of a namespace', '--e=http://hook.jobs'),
    absent('an absent Service by its full name', '--e=hook.prow.svc.cluster.local:80'),
    absent('a Service in a namespace that nothing has', '--e=http://ghproxy.prod.svc'),
    absent('a Service in a namespace that differs by a prefix', '--e=http://ghproxy.staging-prow'),
    absent('a URL inside a script', 'set -e; curl -s http://hook:8888/healthz | jq .'),
    absent('a host alone, where the flag says that it is one', '--push-gateway=pushgateway'),
    absent('a host with a port', '--redis-addr=redis:6379'),
    absent('a host alone that is a Service without its prefix', '--upstream=tide'),
    absent('a port that the Service does not have', '--e=http://ghproxy:8888', 'absent-port'),
    absent('the port of the scheme', '--e=https://ghproxy', 'absent-port'),
    {
      name: 'a headless Service has the ports of its pods',
      objects: [
        args('--e=http://db:5432'),
        object('Service', 'db', 'spec: { clusterIP: None, ports: [] }'),
      ],
      codes: [],
    },
    {
      name: 'names that the pod gives to addresses',
      objects: [
        pod(`{ hostAliases: [{ ip: 1.2.3.4, hostnames: [mirror] }],
          containers: [{ name: a, args: ['--e=http://mirror'] }] }`),
      ],
      codes: [],
    },
    {
      name: 'variables',
      objects: [
        container(`env: [{ name: TIDE_URL, value: 'http://tide' }, { name: GHPROXY_HOST, value: ghproxy:80 },
          { name: PUSH_GATEWAY, value: pushgateway }]`),
        service('ghproxy'),
      ],
      codes: ['absent-host', 'absent-host'],
    },
    {
      name: 'YAML of a ConfigMap, but not its comments and prose',
      objects: [
        config(
          '# see http://wiki\npush_gateway: { endpoint: pushgateway }\nurls: [http://tide]\ndescription: ask http://go/x',
        ),
      ],
      codes: ['absent-host', 'absent-host'],
    },
    {
      name: 'JSON of a ConfigMap',
      objects: [config('{ "registry-mirrors": ["http://mirror.prow.svc:5000"] }', 'daemon.json')],
      codes: ['absent-host'],
    },
    {
      name: 'other text of a ConfigMap, but not its comments and the names that it defines',
      objects: [
        config(
          '# http://wiki\nupstream pool { server 127.0.0.1; }\nserver { proxy_pass http://pool; }\nlocation / { proxy_pass http://pushgateway; }',
          'nginx.conf',
        ),
      ],
      codes: ['absent-host'],
    },
    {
      name: 'a ConfigMap’s part about another cluster',
      objects: [config('jobs: [{ cluster: build, url: "http://x", namespace: y }]')],
      codes: [],
    },
    {
      name: 'what is no YAML without end is looked at line by line',
      objects: [config('a: &a [*a]\nb: http://tide')],
      codes: ['absent-host'],
    },
    {
      name: 'annotations and other names of Services, by names of the cluster only',
      objects: [
        `{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i, namespace: prow, annotations:
          { auth-url: 'http://oauth.auth.svc.cluster.local/x', doc: 'http://wiki/x' } } }`,
        object(
          'Service',
          's',
          'spec: { type: ExternalName, externalName: db.data.svc.cluster.local }',
        ),
      ],
      codes: ['absent-host', 'absent-host'],
    },
  ]);
});

describe('namespaces', () => {
  const jobs = '{ apiVersion: v1, kind: Namespace, metadata: { name: jobs } }';
  const prow = '{ apiVersion: v1, kind: Namespace, metadata: { name: prow } }';
  const found = (name: string, ...words: string[]): Case => ({
    name,
    objects: [args(...words), jobs, prow],
    codes: [],
  });
  cases([
    found('flags that name what is there', '--jobs-namespace=jobs', '--watch-namespaces=jobs,prow'),
    found('those of every cluster', '--namespace', 'kube-system', '--leader-namespace=default'),
    found('all of them', '--namespaces=*', '--namespace=', '--create-namespace=true'),
    found('what others call so', '--registry-namespace=kubevirt', '--metrics-namespace=ci'),
    found('what is left out', '--ignore-namespaces=monitoring'),
    { ...found('a flag', '--jobs-namespace=job'), codes: ['absent-namespace'] },
    { ...found('a flag and its value apart', '--namespace', 'job'), codes: ['absent-namespace'] },
    { ...found('one of several', '--namespaces=jobs,job'), codes: ['absent-namespace'] },
    {
      name: 'keys of configuration',
      objects: [
        config(
          'pod_namespace: job\njobsNamespace: jobs\nnamespaces: { names: [x] }\nmetrics: { namespace: m }\nnamespaced: y',
        ),
        jobs,
        prow,
      ],
      codes: ['absent-namespace', 'absent-namespace'],
    },
    {
      name: 'the config-updater writes to namespaces of this cluster',
      objects: [
        config(
          'config_updater: { maps: { a.yaml: { name: config, clusters: { default: [prod], build: [far] } } } }',
        ),
        jobs,
        prow,
      ],
      codes: ['absent-namespace'],
    },
    {
      name: 'an object in a namespace that is not rendered, where namespaces are',
      objects: [account, object('ServiceAccount', 'x', '', 'kube-system'), jobs],
      codes: ['absent-namespace'],
    },
    { name: 'a render that brings no namespaces', objects: [account], codes: [] },
  ]);
});

describe('Prow’s own references', () => {
  const jobs = '{ apiVersion: v1, kind: Namespace, metadata: { name: jobs } }';
  const prow = '{ apiVersion: v1, kind: Namespace, metadata: { name: prow } }';
  cases([
    {
      name: 'an external plugin without an endpoint is called by its name',
      objects: [
        config(
          'external_plugins: { o/r: [{ name: rehearse }, { name: x, endpoint: "http://deck" }] }',
        ),
        service('deck'),
      ],
      codes: ['absent-host'],
    },
    {
      name: 'presets, jobs and decoration read in the namespace of the jobs’ pods',
      objects: [
        config(
          `pod_namespace: jobs
plank: { default_decoration_config_entries: [{ config: { gcs_credentials_secret: gcs } }] }
presets: [{ labels: { a: b }, volumes: [{ name: v, configMap: { name: mirror } }] }]
presubmits: { o/r: [{ name: j, spec: { containers: [{ envFrom: [{ secretRef: { name: s } }] }] } }] }
periodics: [{ name: p, cluster: build, spec: { serviceAccountName: far, containers: [] } }]`,
        ),
        object('Secret', 'gcs'),
        object('ConfigMap', 'mirror', '', 'jobs'),
        jobs,
        prow,
      ],
      codes: ['absent-secret', 'absent-secret'],
    },
  ]);
});

describe('what exists outside of the render', () => {
  const uses = pod('{ serviceAccountName: hook, containers: [] }');
  const name = 'ServiceAccount';
  cases([
    {
      name: 'a declared object is there',
      objects: [uses],
      external: [{ kind: name, name: 'hook', namespace: 'prow', reason: 'made by hand' }],
      codes: [],
    },
    {
      name: 'without a namespace it is there in all of them',
      objects: [uses],
      external: [{ kind: name, name: 'hook' }],
      codes: [],
    },
    {
      name: 'a star stands for any text',
      objects: [uses],
      external: [{ kind: '*', name: 'ho*', namespace: 'p*w' }],
      codes: [],
    },
    {
      name: 'a dot does not',
      objects: [uses],
      external: [{ kind: name, name: 'h.ok' }],
      codes: ['absent-service-account'],
    },
    {
      name: 'one of another namespace is not meant',
      objects: [uses],
      external: [{ kind: name, name: 'hook', namespace: 'jobs' }],
      codes: ['absent-service-account'],
    },
    {
      name: 'a declared Namespace',
      objects: [args('--namespace=far')],
      external: [{ kind: 'Namespace', name: 'far' }],
      codes: [],
    },
    {
      name: 'a declared Service has every port',
      objects: [args('--e=http://db:1234')],
      external: [{ kind: 'Service', name: 'db' }],
      codes: [],
    },
  ]);
});

describe('the message', () => {
  test('says who names what, where, and what was likely meant', () => {
    const objects = parse(
      [args('--tide-url=http://user:pass@tide/x?token=1'), service('staging-tide')].join('\n---\n'),
    );
    expect(auditReferences(objects)).toEqual([
      {
        code: 'absent-host',
        severity: 'error',
        object: 'Deployment prow/hook',
        message:
          'Deployment prow/hook names Service prow/tide (argument --tide-url of container hook: http://tide), which nothing renders. Did you mean Service prow/staging-tide?',
      },
    ]);
  });

  test('does not suggest what the object names already', () => {
    const volumes = pod(`{ volumes: [{ name: a, configMap: { name: config } },
      { name: b, configMap: { name: job-config } }], containers: [] }`);
    const [found] = auditReferences(parse([volumes, config('')].join('\n---\n')));
    expect(found?.message).toMatch(/job-config .* Render it, correct the name, or declare/);
  });

  test('carries the origin of the object where the caller knows it', () => {
    const [found] = auditReferences(parse(args('--e=http://x')), {
      origin: ({ metadata }) => ({ file: `${metadata.name}.yaml`, line: 3 }),
    });
    expect(found).toMatchObject({ file: 'hook.yaml', line: 3 });
  });

  test('is said once per object, however often it names what is absent', () => {
    expect(codesOf(args('--a=http://x', '--b=http://x', '--c=http://x/y'))).toEqual([
      'absent-host',
    ]);
  });

  test('the findings are in the order of the objects', () => {
    const objects = ['b', 'a'].map((name) =>
      args(`--e=http://${name}`).replace('name: hook, namespace', `name: ${name}, namespace`),
    );
    const found = auditReferences(parse(objects.join('\n---\n')));
    expect(found.map(({ object }) => object)).toEqual(['Deployment prow/b', 'Deployment prow/a']);
  });
});

test('the items of a List are audited, and what is no object is passed over', () => {
  const inList = `{ apiVersion: v1, kind: List, items: [${args('--e=http://x')}] }`;
  const broken = '{ apiVersion: v1, kind: ConfigMap }';
  expect(codesOf([inList, broken, 'null', '[1]'].join('\n---\n'))).toEqual(['absent-host']);
});
