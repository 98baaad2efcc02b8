/** Objects of many kinds, in an order that nobody could apply them in. Each story has namespaces of its own. */
export function manifest(prow: string, jobs = `${prow}-jobs`): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: deck, namespace: ${prow}, labels: { app: deck } }
spec:
  replicas: 1
  selector: { matchLabels: { app: deck } }
  template:
    metadata: { labels: { app: deck } }
    spec:
      serviceAccountName: deck
      containers: [{ name: deck, image: deck, ports: [{ containerPort: 8080 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: deck, namespace: ${prow} }
spec: { selector: { app: deck }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: deck, namespace: ${prow} }
spec:
  defaultBackend: { service: { name: deck, port: { number: 80 } } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: config, namespace: ${prow} }
data: { config.yaml: "prowjob_namespace: ${jobs}" }
---
apiVersion: v1
kind: Secret
metadata: { name: hmac-token, namespace: ${prow} }
stringData: { hmac: "correct horse" }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: deck, namespace: ${prow} }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: deck, namespace: ${jobs} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: deck }
subjects: [{ kind: ServiceAccount, name: deck, namespace: ${prow} }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: deck, namespace: ${jobs} }
rules: [{ apiGroups: [""], resources: [pods/log], verbs: [get] }]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ghproxy, namespace: ${prow} }
spec:
  storageClassName: ""
  volumeName: ${prow}-ghproxy
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 1Gi } }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: ${prow}-ghproxy }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteOnce]
  hostPath: { path: /tmp/ghproxy }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: label-sync, namespace: ${prow} }
spec:
  schedule: "0 0 1 1 *"
  jobTemplate:
    spec:
      template:
        spec: { restartPolicy: Never, containers: [{ name: label-sync, image: label-sync }] }
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, namespace: ${prow} }
spec:
  template:
    spec: { restartPolicy: Never, containers: [{ name: migrate, image: migrate }] }
---
apiVersion: ${prow}.example.org/v1
kind: Widget
metadata: { name: one, namespace: ${jobs} }
spec: { size: 1 }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.${prow}.example.org }
spec:
  group: ${prow}.example.org
  scope: Namespaced
  names: { kind: Widget, plural: widgets }
  versions:
    - name: v1
      served: true
      storage: true
      subresources: { status: {} }
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
---
apiVersion: v1
kind: Namespace
metadata: { name: ${prow} }
---
apiVersion: v1
kind: Namespace
metadata: { name: ${jobs} }
`;
}

/** Objects of kinds that settle at once. */
export const small = (prow: string): string => `
apiVersion: v1
kind: Namespace
metadata: { name: ${prow} }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: config, namespace: ${prow} }
data: { a: b }
---
apiVersion: v1
kind: Service
metadata: { name: deck, namespace: ${prow} }
spec: { selector: { app: deck }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: deck, namespace: ${prow} }
spec:
  defaultBackend: { service: { name: deck, port: { number: 80 } } }
`;
