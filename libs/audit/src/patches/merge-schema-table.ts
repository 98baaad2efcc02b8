// Facts of the OpenAPI document of Kubernetes 1.21.2, which kustomize 5 has built in and merges by. Made from its
// definitions by a program; not to be edited by hand. A type is its fields; `=T` is a field of type T, `=-T` a list
// that a patch replaces, `=+k:T` one that it merges by key k (`k|l` by both, without a key by value), `=%T` a map.

/** `apiVersion kind scope type`, a line each. */
export const KIND_TABLE = `
admissionregistration.k8s.io/v1 MutatingWebhookConfiguration cluster MutatingWebhookConfiguration
admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration cluster ValidatingWebhookConfiguration
admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration cluster MutatingWebhookConfiguration
admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration cluster ValidatingWebhookConfiguration
apiextensions.k8s.io/v1 CustomResourceDefinition cluster CustomResourceDefinition
apiextensions.k8s.io/v1beta1 CustomResourceDefinition cluster v1beta1_CustomResourceDefinition
apiregistration.k8s.io/v1 APIService cluster APIService
apiregistration.k8s.io/v1beta1 APIService cluster APIService
apps/v1 ControllerRevision namespaced ControllerRevision
apps/v1 DaemonSet namespaced DaemonSet
apps/v1 Deployment namespaced Deployment
apps/v1 ReplicaSet namespaced ReplicaSet
apps/v1 StatefulSet namespaced StatefulSet
autoscaling/v1 HorizontalPodAutoscaler namespaced HorizontalPodAutoscaler
autoscaling/v1 Scale namespaced
autoscaling/v2beta1 HorizontalPodAutoscaler namespaced v2beta1_HorizontalPodAutoscaler
autoscaling/v2beta2 HorizontalPodAutoscaler namespaced v2beta2_HorizontalPodAutoscaler
batch/v1 CronJob namespaced CronJob
batch/v1 Job namespaced Job
batch/v1beta1 CronJob namespaced CronJob
certificates.k8s.io/v1 CertificateSigningRequest cluster CertificateSigningRequest
certificates.k8s.io/v1beta1 CertificateSigningRequest cluster CertificateSigningRequest
coordination.k8s.io/v1 Lease namespaced Lease
coordination.k8s.io/v1beta1 Lease namespaced Lease
discovery.k8s.io/v1 EndpointSlice namespaced EndpointSlice
discovery.k8s.io/v1beta1 EndpointSlice namespaced v1beta1_EndpointSlice
events.k8s.io/v1 Event namespaced v1_Event
events.k8s.io/v1beta1 Event namespaced v1_Event
extensions/v1beta1 Ingress namespaced Ingress
flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema cluster FlowSchema
flowcontrol.apiserver.k8s.io/v1beta1 PriorityLevelConfiguration cluster PriorityLevelConfiguration
networking.k8s.io/v1 Ingress namespaced v1_Ingress
networking.k8s.io/v1 IngressClass cluster IngressClass
networking.k8s.io/v1 NetworkPolicy namespaced NetworkPolicy
networking.k8s.io/v1beta1 Ingress namespaced Ingress
networking.k8s.io/v1beta1 IngressClass cluster IngressClass
node.k8s.io/v1 RuntimeClass cluster RuntimeClass
node.k8s.io/v1beta1 RuntimeClass cluster RuntimeClass
policy/v1 PodDisruptionBudget namespaced PodDisruptionBudget
policy/v1beta1 PodDisruptionBudget namespaced PodDisruptionBudget
policy/v1beta1 PodSecurityPolicy cluster PodSecurityPolicy
rbac.authorization.k8s.io/v1 ClusterRole cluster ClusterRole
rbac.authorization.k8s.io/v1 ClusterRoleBinding cluster ClusterRoleBinding
rbac.authorization.k8s.io/v1 Role namespaced Role
rbac.authorization.k8s.io/v1 RoleBinding namespaced RoleBinding
rbac.authorization.k8s.io/v1beta1 ClusterRole cluster ClusterRole
rbac.authorization.k8s.io/v1beta1 ClusterRoleBinding cluster ClusterRoleBinding
rbac.authorization.k8s.io/v1beta1 Role namespaced Role
rbac.authorization.k8s.io/v1beta1 RoleBinding namespaced RoleBinding
scheduling.k8s.io/v1 PriorityClass cluster PriorityClass
scheduling.k8s.io/v1beta1 PriorityClass cluster PriorityClass
storage.k8s.io/v1 CSIDriver cluster CSIDriver
storage.k8s.io/v1 CSINode cluster CSINode
storage.k8s.io/v1 StorageClass cluster StorageClass
storage.k8s.io/v1 VolumeAttachment cluster VolumeAttachment
storage.k8s.io/v1beta1 CSIDriver cluster CSIDriver
storage.k8s.io/v1beta1 CSINode cluster CSINode
storage.k8s.io/v1beta1 CSIStorageCapacity namespaced CSIStorageCapacity
storage.k8s.io/v1beta1 StorageClass cluster StorageClass
storage.k8s.io/v1beta1 VolumeAttachment cluster VolumeAttachment
v1 ComponentStatus cluster
v1 ConfigMap namespaced ConfigMap
v1 Endpoints namespaced Endpoints
v1 Event namespaced Event
v1 LimitRange namespaced LimitRange
v1 Namespace cluster Namespace
v1 Node cluster Node
v1 PersistentVolume cluster PersistentVolume
v1 PersistentVolumeClaim namespaced PersistentVolumeClaim
v1 Pod namespaced Pod
v1 PodTemplate namespaced PodTemplate
v1 ReplicationController namespaced ReplicationController
v1 ResourceQuota namespaced ResourceQuota
v1 Secret namespaced Secret
v1 Service namespaced Service
v1 ServiceAccount namespaced ServiceAccount
`;

/** `type: fields`, a line each. */
export const TYPE_TABLE = `
APIService: apiVersion kind metadata=ObjectMeta spec=APIServiceSpec status
APIServiceSpec: caBundle group groupPriorityMinimum insecureSkipTLSVerify service=v1_ServiceReference version versionPriority
AWSElasticBlockStoreVolumeSource: fsType partition readOnly volumeID
Affinity: nodeAffinity=NodeAffinity podAffinity=PodAffinity podAntiAffinity=PodAntiAffinity
AggregationRule: clusterRoleSelectors=-LabelSelector
AllowedCSIDriver: name
AllowedFlexVolume: driver
AllowedHostPath: pathPrefix readOnly
AzureDiskVolumeSource: cachingMode diskName diskURI fsType kind readOnly
AzureFilePersistentVolumeSource: readOnly secretName secretNamespace shareName
AzureFileVolumeSource: readOnly secretName shareName
CSIDriver: apiVersion kind metadata=ObjectMeta spec=CSIDriverSpec
CSIDriverSpec: attachRequired fsGroupPolicy podInfoOnMount requiresRepublish storageCapacity tokenRequests=-TokenRequest volumeLifecycleModes=-
CSINode: apiVersion kind metadata=ObjectMeta spec=CSINodeSpec
CSINodeDriver: allocatable=VolumeNodeResources name nodeID topologyKeys=-
CSINodeSpec: drivers=+name:CSINodeDriver
CSIPersistentVolumeSource: controllerExpandSecretRef=SecretReference controllerPublishSecretRef=SecretReference driver fsType nodePublishSecretRef=SecretReference nodeStageSecretRef=SecretReference readOnly volumeAttributes=% volumeHandle
CSIStorageCapacity: apiVersion capacity kind maximumVolumeSize metadata=ObjectMeta nodeTopology=LabelSelector storageClassName
CSIVolumeSource: driver fsType nodePublishSecretRef=LocalObjectReference readOnly volumeAttributes=%
Capabilities: add=- drop=-
CephFSPersistentVolumeSource: monitors=- path readOnly secretFile secretRef=SecretReference user
CephFSVolumeSource: monitors=- path readOnly secretFile secretRef=LocalObjectReference user
CertificateSigningRequest: apiVersion kind metadata=ObjectMeta spec=CertificateSigningRequestSpec status
CertificateSigningRequestSpec: extra=%- groups=- request signerName uid usages=- username
CinderPersistentVolumeSource: fsType readOnly secretRef=SecretReference volumeID
CinderVolumeSource: fsType readOnly secretRef=LocalObjectReference volumeID
ClientIPConfig: timeoutSeconds
ClusterRole: aggregationRule=AggregationRule apiVersion kind metadata=ObjectMeta rules=-PolicyRule
ClusterRoleBinding: apiVersion kind metadata=ObjectMeta roleRef=RoleRef subjects=-v1_Subject
ConfigMap: apiVersion binaryData=% data=% immutable kind metadata=ObjectMeta
ConfigMapEnvSource: name optional
ConfigMapKeySelector: key name optional
ConfigMapNodeConfigSource: kubeletConfigKey name namespace resourceVersion uid
ConfigMapProjection: items=-KeyToPath name optional
ConfigMapVolumeSource: defaultMode items=-KeyToPath name optional
Container: args=- command=- env=+name:EnvVar envFrom=-EnvFromSource image imagePullPolicy lifecycle=Lifecycle livenessProbe=Probe name ports=+containerPort|protocol:ContainerPort readinessProbe=Probe resources=ResourceRequirements securityContext=SecurityContext startupProbe=Probe stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices=+devicePath:VolumeDevice volumeMounts=+mountPath:VolumeMount workingDir
ContainerPort: containerPort hostIP hostPort name protocol
ContainerResourceMetricSource: container name targetAverageUtilization targetAverageValue
ControllerRevision: apiVersion data kind metadata=ObjectMeta revision
CronJob: apiVersion kind metadata=ObjectMeta spec=CronJobSpec status
CronJobSpec: concurrencyPolicy failedJobsHistoryLimit jobTemplate=JobTemplateSpec schedule startingDeadlineSeconds successfulJobsHistoryLimit suspend
CrossVersionObjectReference: apiVersion kind name
CustomResourceColumnDefinition: description format jsonPath name priority type
CustomResourceConversion: strategy webhook=WebhookConversion
CustomResourceDefinition: apiVersion kind metadata=ObjectMeta spec=CustomResourceDefinitionSpec status
CustomResourceDefinitionNames: categories=- kind listKind plural shortNames=- singular
CustomResourceDefinitionSpec: conversion=CustomResourceConversion group names=CustomResourceDefinitionNames preserveUnknownFields scope versions=-CustomResourceDefinitionVersion
CustomResourceDefinitionVersion: additionalPrinterColumns=-CustomResourceColumnDefinition deprecated deprecationWarning name schema=CustomResourceValidation served storage subresources=CustomResourceSubresources
CustomResourceSubresourceScale: labelSelectorPath specReplicasPath statusReplicasPath
CustomResourceSubresources: scale=CustomResourceSubresourceScale status
CustomResourceValidation: openAPIV3Schema=JSONSchemaProps
DaemonSet: apiVersion kind metadata=ObjectMeta spec=DaemonSetSpec status
DaemonSetSpec: minReadySeconds revisionHistoryLimit selector=LabelSelector template=PodTemplateSpec updateStrategy=DaemonSetUpdateStrategy
DaemonSetUpdateStrategy: rollingUpdate=RollingUpdateDaemonSet type
Deployment: apiVersion kind metadata=ObjectMeta spec=DeploymentSpec status
DeploymentSpec: minReadySeconds paused progressDeadlineSeconds replicas revisionHistoryLimit selector=LabelSelector strategy=DeploymentStrategy template=PodTemplateSpec
DeploymentStrategy: rollingUpdate=RollingUpdateDeployment type
DownwardAPIProjection: items=-DownwardAPIVolumeFile
DownwardAPIVolumeFile: fieldRef=ObjectFieldSelector mode path resourceFieldRef=ResourceFieldSelector
DownwardAPIVolumeSource: defaultMode items=-DownwardAPIVolumeFile
EmptyDirVolumeSource: medium sizeLimit
Endpoint: addresses=- conditions=EndpointConditions deprecatedTopology=% hints=EndpointHints hostname nodeName targetRef=ObjectReference zone
EndpointAddress: hostname ip nodeName targetRef=ObjectReference
EndpointConditions: ready serving terminating
EndpointHints: forZones=-ForZone
EndpointPort: appProtocol name port protocol
EndpointSlice: addressType apiVersion endpoints=-Endpoint kind metadata=ObjectMeta ports=-EndpointPort
EndpointSubset: addresses=-EndpointAddress notReadyAddresses=-EndpointAddress ports=-EndpointPort
Endpoints: apiVersion kind metadata=ObjectMeta subsets=-EndpointSubset
EnvFromSource: configMapRef=ConfigMapEnvSource prefix secretRef=SecretEnvSource
EnvVar: name value valueFrom=EnvVarSource
EnvVarSource: configMapKeyRef=ConfigMapKeySelector fieldRef=ObjectFieldSelector resourceFieldRef=ResourceFieldSelector secretKeyRef=SecretKeySelector
EphemeralContainer: args=- command=- env=+name:EnvVar envFrom=-EnvFromSource image imagePullPolicy lifecycle=Lifecycle livenessProbe=Probe name ports=-ContainerPort readinessProbe=Probe resources=ResourceRequirements securityContext=SecurityContext startupProbe=Probe stdin stdinOnce targetContainerName terminationMessagePath terminationMessagePolicy tty volumeDevices=+devicePath:VolumeDevice volumeMounts=+mountPath:VolumeMount workingDir
EphemeralVolumeSource: volumeClaimTemplate=PersistentVolumeClaimTemplate
Event: action apiVersion count eventTime firstTimestamp involvedObject=ObjectReference kind lastTimestamp message metadata=ObjectMeta reason related=ObjectReference reportingComponent reportingInstance series=EventSeries source=EventSource type
EventSeries: count lastObservedTime
EventSource: component host
ExecAction: command=-
ExternalDocumentation: description url
ExternalMetricSource: metricName metricSelector=LabelSelector targetAverageValue targetValue
FCVolumeSource: fsType lun readOnly targetWWNs=- wwids=-
FSGroupStrategyOptions: ranges=-IDRange rule
FlexPersistentVolumeSource: driver fsType options=% readOnly secretRef=SecretReference
FlexVolumeSource: driver fsType options=% readOnly secretRef=LocalObjectReference
FlockerVolumeSource: datasetName datasetUUID
FlowDistinguisherMethod: type
FlowSchema: apiVersion kind metadata=ObjectMeta spec=FlowSchemaSpec status
FlowSchemaSpec: distinguisherMethod=FlowDistinguisherMethod matchingPrecedence priorityLevelConfiguration=PriorityLevelConfigurationReference rules=-PolicyRulesWithSubjects
ForZone: name
GCEPersistentDiskVolumeSource: fsType partition pdName readOnly
GitRepoVolumeSource: directory repository revision
GlusterfsPersistentVolumeSource: endpoints endpointsNamespace path readOnly
GlusterfsVolumeSource: endpoints path readOnly
GroupSubject: name
HPAScalingPolicy: periodSeconds type value
HPAScalingRules: policies=-HPAScalingPolicy selectPolicy stabilizationWindowSeconds
HTTPGetAction: host httpHeaders=-HTTPHeader path port scheme
HTTPHeader: name value
HTTPIngressPath: backend=IngressBackend path pathType
HTTPIngressRuleValue: paths=-HTTPIngressPath
Handler: exec=ExecAction httpGet=HTTPGetAction tcpSocket=TCPSocketAction
HorizontalPodAutoscaler: apiVersion kind metadata=ObjectMeta spec=HorizontalPodAutoscalerSpec status
HorizontalPodAutoscalerBehavior: scaleDown=HPAScalingRules scaleUp=HPAScalingRules
HorizontalPodAutoscalerSpec: maxReplicas minReplicas scaleTargetRef=CrossVersionObjectReference targetCPUUtilizationPercentage
HostAlias: hostnames=- ip
HostPathVolumeSource: path type
HostPortRange: max min
IDRange: max min
IPBlock: cidr except=-
ISCSIPersistentVolumeSource: chapAuthDiscovery chapAuthSession fsType initiatorName iqn iscsiInterface lun portals=- readOnly secretRef=SecretReference targetPortal
ISCSIVolumeSource: chapAuthDiscovery chapAuthSession fsType initiatorName iqn iscsiInterface lun portals=- readOnly secretRef=LocalObjectReference targetPortal
Ingress: apiVersion kind metadata=ObjectMeta spec=IngressSpec status
IngressBackend: resource=TypedLocalObjectReference serviceName servicePort
IngressClass: apiVersion kind metadata=ObjectMeta spec=IngressClassSpec
IngressClassParametersReference: apiGroup kind name namespace scope
IngressClassSpec: controller parameters=IngressClassParametersReference
IngressRule: host http=HTTPIngressRuleValue
IngressServiceBackend: name port=ServiceBackendPort
IngressSpec: backend=IngressBackend ingressClassName rules=-IngressRule tls=-IngressTLS
IngressTLS: hosts=- secretName
JSONSchemaProps: $ref $schema additionalItems additionalProperties allOf=-JSONSchemaProps anyOf=-JSONSchemaProps default definitions=%JSONSchemaProps dependencies=% description enum=- example exclusiveMaximum exclusiveMinimum externalDocs=ExternalDocumentation format id items maxItems maxLength maxProperties maximum minItems minLength minProperties minimum multipleOf not=JSONSchemaProps nullable oneOf=-JSONSchemaProps pattern patternProperties=%JSONSchemaProps properties=%JSONSchemaProps required=- title type uniqueItems x-kubernetes-embedded-resource x-kubernetes-int-or-string x-kubernetes-list-map-keys=- x-kubernetes-list-type x-kubernetes-map-type x-kubernetes-preserve-unknown-fields
Job: apiVersion kind metadata=ObjectMeta spec=JobSpec status
JobSpec: activeDeadlineSeconds backoffLimit completionMode completions manualSelector parallelism selector=LabelSelector suspend template=PodTemplateSpec ttlSecondsAfterFinished
JobTemplateSpec: metadata=ObjectMeta spec=JobSpec
KeyToPath: key mode path
LabelSelector: matchExpressions=-LabelSelectorRequirement matchLabels=%
LabelSelectorRequirement: key operator values=-
Lease: apiVersion kind metadata=ObjectMeta spec=LeaseSpec
LeaseSpec: acquireTime holderIdentity leaseDurationSeconds leaseTransitions renewTime
Lifecycle: postStart=Handler preStop=Handler
LimitRange: apiVersion kind metadata=ObjectMeta spec=LimitRangeSpec
LimitRangeItem: default=% defaultRequest=% max=% maxLimitRequestRatio=% min=% type
LimitRangeSpec: limits=-LimitRangeItem
LimitResponse: queuing=QueuingConfiguration type
LimitedPriorityLevelConfiguration: assuredConcurrencyShares limitResponse=LimitResponse
LocalObjectReference: name
LocalVolumeSource: fsType path
ManagedFieldsEntry: apiVersion fieldsType fieldsV1 manager operation time
MetricIdentifier: name selector=LabelSelector
MetricSpec: containerResource=ContainerResourceMetricSource external=ExternalMetricSource object=ObjectMetricSource pods=PodsMetricSource resource=ResourceMetricSource type
MetricTarget: averageUtilization averageValue type value
MutatingWebhook: admissionReviewVersions=- clientConfig=WebhookClientConfig failurePolicy matchPolicy name namespaceSelector=LabelSelector objectSelector=LabelSelector reinvocationPolicy rules=-RuleWithOperations sideEffects timeoutSeconds
MutatingWebhookConfiguration: apiVersion kind metadata=ObjectMeta webhooks=+name:MutatingWebhook
NFSVolumeSource: path readOnly server
Namespace: apiVersion kind metadata=ObjectMeta spec=NamespaceSpec status
NamespaceSpec: finalizers=-
NetworkPolicy: apiVersion kind metadata=ObjectMeta spec=NetworkPolicySpec
NetworkPolicyEgressRule: ports=-NetworkPolicyPort to=-NetworkPolicyPeer
NetworkPolicyIngressRule: from=-NetworkPolicyPeer ports=-NetworkPolicyPort
NetworkPolicyPeer: ipBlock=IPBlock namespaceSelector=LabelSelector podSelector=LabelSelector
NetworkPolicyPort: endPort port protocol
NetworkPolicySpec: egress=-NetworkPolicyEgressRule ingress=-NetworkPolicyIngressRule podSelector=LabelSelector policyTypes=-
Node: apiVersion kind metadata=ObjectMeta spec=NodeSpec status
NodeAffinity: preferredDuringSchedulingIgnoredDuringExecution=-PreferredSchedulingTerm requiredDuringSchedulingIgnoredDuringExecution=NodeSelector
NodeConfigSource: configMap=ConfigMapNodeConfigSource
NodeSelector: nodeSelectorTerms=-NodeSelectorTerm
NodeSelectorRequirement: key operator values=-
NodeSelectorTerm: matchExpressions=-NodeSelectorRequirement matchFields=-NodeSelectorRequirement
NodeSpec: configSource=NodeConfigSource externalID podCIDR podCIDRs=+: providerID taints=-Taint unschedulable
NonResourcePolicyRule: nonResourceURLs=- verbs=-
ObjectFieldSelector: apiVersion fieldPath
ObjectMeta: annotations=% clusterName creationTimestamp deletionGracePeriodSeconds deletionTimestamp finalizers=+: generateName generation labels=% managedFields=-ManagedFieldsEntry name namespace ownerReferences=+uid:OwnerReference resourceVersion selfLink uid
ObjectMetricSource: averageValue metricName selector=LabelSelector target=CrossVersionObjectReference targetValue
ObjectReference: apiVersion fieldPath kind name namespace resourceVersion uid
Overhead: podFixed=%
OwnerReference: apiVersion blockOwnerDeletion controller kind name uid
PersistentVolume: apiVersion kind metadata=ObjectMeta spec=PersistentVolumeSpec status
PersistentVolumeClaim: apiVersion kind metadata=ObjectMeta spec=PersistentVolumeClaimSpec status
PersistentVolumeClaimSpec: accessModes=- dataSource=TypedLocalObjectReference resources=ResourceRequirements selector=LabelSelector storageClassName volumeMode volumeName
PersistentVolumeClaimTemplate: metadata=ObjectMeta spec=PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource: claimName readOnly
PersistentVolumeSpec: accessModes=- awsElasticBlockStore=AWSElasticBlockStoreVolumeSource azureDisk=AzureDiskVolumeSource azureFile=AzureFilePersistentVolumeSource capacity=% cephfs=CephFSPersistentVolumeSource cinder=CinderPersistentVolumeSource claimRef=ObjectReference csi=CSIPersistentVolumeSource fc=FCVolumeSource flexVolume=FlexPersistentVolumeSource flocker=FlockerVolumeSource gcePersistentDisk=GCEPersistentDiskVolumeSource glusterfs=GlusterfsPersistentVolumeSource hostPath=HostPathVolumeSource iscsi=ISCSIPersistentVolumeSource local=LocalVolumeSource mountOptions=- nfs=NFSVolumeSource nodeAffinity=VolumeNodeAffinity persistentVolumeReclaimPolicy photonPersistentDisk=PhotonPersistentDiskVolumeSource portworxVolume=PortworxVolumeSource quobyte=QuobyteVolumeSource rbd=RBDPersistentVolumeSource scaleIO=ScaleIOPersistentVolumeSource storageClassName storageos=StorageOSPersistentVolumeSource volumeMode vsphereVolume=VsphereVirtualDiskVolumeSource
PhotonPersistentDiskVolumeSource: fsType pdID
Pod: apiVersion kind metadata=ObjectMeta spec=PodSpec status
PodAffinity: preferredDuringSchedulingIgnoredDuringExecution=-WeightedPodAffinityTerm requiredDuringSchedulingIgnoredDuringExecution=-PodAffinityTerm
PodAffinityTerm: labelSelector=LabelSelector namespaceSelector=LabelSelector namespaces=- topologyKey
PodAntiAffinity: preferredDuringSchedulingIgnoredDuringExecution=-WeightedPodAffinityTerm requiredDuringSchedulingIgnoredDuringExecution=-PodAffinityTerm
PodDNSConfig: nameservers=- options=-PodDNSConfigOption searches=-
PodDNSConfigOption: name value
PodDisruptionBudget: apiVersion kind metadata=ObjectMeta spec=PodDisruptionBudgetSpec status
PodDisruptionBudgetSpec: maxUnavailable minAvailable selector=LabelSelector
PodReadinessGate: conditionType
PodSecurityContext: fsGroup fsGroupChangePolicy runAsGroup runAsNonRoot runAsUser seLinuxOptions=SELinuxOptions seccompProfile=SeccompProfile supplementalGroups=- sysctls=-Sysctl windowsOptions=WindowsSecurityContextOptions
PodSecurityPolicy: apiVersion kind metadata=ObjectMeta spec=PodSecurityPolicySpec
PodSecurityPolicySpec: allowPrivilegeEscalation allowedCSIDrivers=-AllowedCSIDriver allowedCapabilities=- allowedFlexVolumes=-AllowedFlexVolume allowedHostPaths=-AllowedHostPath allowedProcMountTypes=- allowedUnsafeSysctls=- defaultAddCapabilities=- defaultAllowPrivilegeEscalation forbiddenSysctls=- fsGroup=FSGroupStrategyOptions hostIPC hostNetwork hostPID hostPorts=-HostPortRange privileged readOnlyRootFilesystem requiredDropCapabilities=- runAsGroup=RunAsGroupStrategyOptions runAsUser=RunAsUserStrategyOptions runtimeClass=RuntimeClassStrategyOptions seLinux=SELinuxStrategyOptions supplementalGroups=SupplementalGroupsStrategyOptions volumes=-
PodSpec: activeDeadlineSeconds affinity=Affinity automountServiceAccountToken containers=+name:Container dnsConfig=PodDNSConfig dnsPolicy enableServiceLinks ephemeralContainers=+name:EphemeralContainer hostAliases=+ip:HostAlias hostIPC hostNetwork hostPID hostname imagePullSecrets=+name:LocalObjectReference initContainers=+name:Container nodeName nodeSelector=% overhead=% preemptionPolicy priority priorityClassName readinessGates=-PodReadinessGate restartPolicy runtimeClassName schedulerName securityContext=PodSecurityContext serviceAccount serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain terminationGracePeriodSeconds tolerations=-Toleration topologySpreadConstraints=+topologyKey|whenUnsatisfiable:TopologySpreadConstraint volumes=+name:Volume
PodTemplate: apiVersion kind metadata=ObjectMeta template=PodTemplateSpec
PodTemplateSpec: metadata=ObjectMeta spec=PodSpec
PodsMetricSource: metricName selector=LabelSelector targetAverageValue
PolicyRule: apiGroups=- nonResourceURLs=- resourceNames=- resources=- verbs=-
PolicyRulesWithSubjects: nonResourceRules=-NonResourcePolicyRule resourceRules=-ResourcePolicyRule subjects=-Subject
PortworxVolumeSource: fsType readOnly volumeID
PreferredSchedulingTerm: preference=NodeSelectorTerm weight
PriorityClass: apiVersion description globalDefault kind metadata=ObjectMeta preemptionPolicy value
PriorityLevelConfiguration: apiVersion kind metadata=ObjectMeta spec=PriorityLevelConfigurationSpec status
PriorityLevelConfigurationReference: name
PriorityLevelConfigurationSpec: limited=LimitedPriorityLevelConfiguration type
Probe: exec=ExecAction failureThreshold httpGet=HTTPGetAction initialDelaySeconds periodSeconds successThreshold tcpSocket=TCPSocketAction terminationGracePeriodSeconds timeoutSeconds
ProjectedVolumeSource: defaultMode sources=-VolumeProjection
QueuingConfiguration: handSize queueLengthLimit queues
QuobyteVolumeSource: group readOnly registry tenant user volume
RBDPersistentVolumeSource: fsType image keyring monitors=- pool readOnly secretRef=SecretReference user
RBDVolumeSource: fsType image keyring monitors=- pool readOnly secretRef=LocalObjectReference user
ReplicaSet: apiVersion kind metadata=ObjectMeta spec=ReplicaSetSpec status
ReplicaSetSpec: minReadySeconds replicas selector=LabelSelector template=PodTemplateSpec
ReplicationController: apiVersion kind metadata=ObjectMeta spec=ReplicationControllerSpec status
ReplicationControllerSpec: minReadySeconds replicas selector=% template=PodTemplateSpec
ResourceFieldSelector: containerName divisor resource
ResourceMetricSource: name targetAverageUtilization targetAverageValue
ResourcePolicyRule: apiGroups=- clusterScope namespaces=- resources=- verbs=-
ResourceQuota: apiVersion kind metadata=ObjectMeta spec=ResourceQuotaSpec status
ResourceQuotaSpec: hard=% scopeSelector=ScopeSelector scopes=-
ResourceRequirements: limits=% requests=%
Role: apiVersion kind metadata=ObjectMeta rules=-PolicyRule
RoleBinding: apiVersion kind metadata=ObjectMeta roleRef=RoleRef subjects=-v1_Subject
RoleRef: apiGroup kind name
RollingUpdateDaemonSet: maxSurge maxUnavailable
RollingUpdateDeployment: maxSurge maxUnavailable
RollingUpdateStatefulSetStrategy: partition
RuleWithOperations: apiGroups=- apiVersions=- operations=- resources=- scope
RunAsGroupStrategyOptions: ranges=-IDRange rule
RunAsUserStrategyOptions: ranges=-IDRange rule
RuntimeClass: apiVersion handler kind metadata=ObjectMeta overhead=Overhead scheduling=Scheduling
RuntimeClassStrategyOptions: allowedRuntimeClassNames=- defaultRuntimeClassName
SELinuxOptions: level role type user
SELinuxStrategyOptions: rule seLinuxOptions=SELinuxOptions
ScaleIOPersistentVolumeSource: fsType gateway protectionDomain readOnly secretRef=SecretReference sslEnabled storageMode storagePool system volumeName
ScaleIOVolumeSource: fsType gateway protectionDomain readOnly secretRef=LocalObjectReference sslEnabled storageMode storagePool system volumeName
Scheduling: nodeSelector=% tolerations=-Toleration
ScopeSelector: matchExpressions=-ScopedResourceSelectorRequirement
ScopedResourceSelectorRequirement: operator scopeName values=-
SeccompProfile: localhostProfile type
Secret: apiVersion data=% immutable kind metadata=ObjectMeta stringData=% type
SecretEnvSource: name optional
SecretKeySelector: key name optional
SecretProjection: items=-KeyToPath name optional
SecretReference: name namespace
SecretVolumeSource: defaultMode items=-KeyToPath optional secretName
SecurityContext: allowPrivilegeEscalation capabilities=Capabilities privileged procMount readOnlyRootFilesystem runAsGroup runAsNonRoot runAsUser seLinuxOptions=SELinuxOptions seccompProfile=SeccompProfile windowsOptions=WindowsSecurityContextOptions
Service: apiVersion kind metadata=ObjectMeta spec=ServiceSpec status
ServiceAccount: apiVersion automountServiceAccountToken imagePullSecrets=-LocalObjectReference kind metadata=ObjectMeta secrets=+name:ObjectReference
ServiceAccountSubject: name namespace
ServiceAccountTokenProjection: audience expirationSeconds path
ServiceBackendPort: name number
ServicePort: appProtocol name nodePort port protocol targetPort
ServiceReference: name namespace path port
ServiceSpec: allocateLoadBalancerNodePorts clusterIP clusterIPs=- externalIPs=- externalName externalTrafficPolicy healthCheckNodePort internalTrafficPolicy ipFamilies=- ipFamilyPolicy loadBalancerClass loadBalancerIP loadBalancerSourceRanges=- ports=+port|protocol:ServicePort publishNotReadyAddresses selector=% sessionAffinity sessionAffinityConfig=SessionAffinityConfig topologyKeys=- type
SessionAffinityConfig: clientIP=ClientIPConfig
StatefulSet: apiVersion kind metadata=ObjectMeta spec=StatefulSetSpec status
StatefulSetSpec: podManagementPolicy replicas revisionHistoryLimit selector=LabelSelector serviceName template=PodTemplateSpec updateStrategy=StatefulSetUpdateStrategy volumeClaimTemplates=-PersistentVolumeClaim
StatefulSetUpdateStrategy: rollingUpdate=RollingUpdateStatefulSetStrategy type
StorageClass: allowVolumeExpansion allowedTopologies=-TopologySelectorTerm apiVersion kind metadata=ObjectMeta mountOptions=- parameters=% provisioner reclaimPolicy volumeBindingMode
StorageOSPersistentVolumeSource: fsType readOnly secretRef=ObjectReference volumeName volumeNamespace
StorageOSVolumeSource: fsType readOnly secretRef=LocalObjectReference volumeName volumeNamespace
Subject: group=GroupSubject kind serviceAccount=ServiceAccountSubject user=UserSubject
SupplementalGroupsStrategyOptions: ranges=-IDRange rule
Sysctl: name value
TCPSocketAction: host port
Taint: effect key timeAdded value
TokenRequest: audience expirationSeconds
Toleration: effect key operator tolerationSeconds value
TopologySelectorLabelRequirement: key values=-
TopologySelectorTerm: matchLabelExpressions=-TopologySelectorLabelRequirement
TopologySpreadConstraint: labelSelector=LabelSelector maxSkew topologyKey whenUnsatisfiable
TypedLocalObjectReference: apiGroup kind name
UserSubject: name
ValidatingWebhook: admissionReviewVersions=- clientConfig=WebhookClientConfig failurePolicy matchPolicy name namespaceSelector=LabelSelector objectSelector=LabelSelector rules=-RuleWithOperations sideEffects timeoutSeconds
ValidatingWebhookConfiguration: apiVersion kind metadata=ObjectMeta webhooks=+name:ValidatingWebhook
Volume: awsElasticBlockStore=AWSElasticBlockStoreVolumeSource azureDisk=AzureDiskVolumeSource azureFile=AzureFileVolumeSource cephfs=CephFSVolumeSource cinder=CinderVolumeSource configMap=ConfigMapVolumeSource csi=CSIVolumeSource downwardAPI=DownwardAPIVolumeSource emptyDir=EmptyDirVolumeSource ephemeral=EphemeralVolumeSource fc=FCVolumeSource flexVolume=FlexVolumeSource flocker=FlockerVolumeSource gcePersistentDisk=GCEPersistentDiskVolumeSource gitRepo=GitRepoVolumeSource glusterfs=GlusterfsVolumeSource hostPath=HostPathVolumeSource iscsi=ISCSIVolumeSource name nfs=NFSVolumeSource persistentVolumeClaim=PersistentVolumeClaimVolumeSource photonPersistentDisk=PhotonPersistentDiskVolumeSource portworxVolume=PortworxVolumeSource projected=ProjectedVolumeSource quobyte=QuobyteVolumeSource rbd=RBDVolumeSource scaleIO=ScaleIOVolumeSource secret=SecretVolumeSource storageos=StorageOSVolumeSource vsphereVolume=VsphereVirtualDiskVolumeSource
VolumeAttachment: apiVersion kind metadata=ObjectMeta spec=VolumeAttachmentSpec status
VolumeAttachmentSource: inlineVolumeSpec=PersistentVolumeSpec persistentVolumeName
VolumeAttachmentSpec: attacher nodeName source=VolumeAttachmentSource
VolumeDevice: devicePath name
VolumeMount: mountPath mountPropagation name readOnly subPath subPathExpr
VolumeNodeAffinity: required=NodeSelector
VolumeNodeResources: count
VolumeProjection: configMap=ConfigMapProjection downwardAPI=DownwardAPIProjection secret=SecretProjection serviceAccountToken=ServiceAccountTokenProjection
VsphereVirtualDiskVolumeSource: fsType storagePolicyID storagePolicyName volumePath
WebhookClientConfig: caBundle service=ServiceReference url
WebhookConversion: clientConfig=WebhookClientConfig conversionReviewVersions=-
WeightedPodAffinityTerm: podAffinityTerm=PodAffinityTerm weight
WindowsSecurityContextOptions: gmsaCredentialSpec gmsaCredentialSpecName runAsUserName
v1_Event: action apiVersion deprecatedCount deprecatedFirstTimestamp deprecatedLastTimestamp deprecatedSource=EventSource eventTime kind metadata=ObjectMeta note reason regarding=ObjectReference related=ObjectReference reportingController reportingInstance series=EventSeries type
v1_HTTPIngressPath: backend=v1_IngressBackend path pathType
v1_HTTPIngressRuleValue: paths=-v1_HTTPIngressPath
v1_Ingress: apiVersion kind metadata=ObjectMeta spec=v1_IngressSpec status
v1_IngressBackend: resource=TypedLocalObjectReference service=IngressServiceBackend
v1_IngressRule: host http=v1_HTTPIngressRuleValue
v1_IngressSpec: defaultBackend=v1_IngressBackend ingressClassName rules=-v1_IngressRule tls=-IngressTLS
v1_ServiceReference: name namespace port
v1_Subject: apiGroup kind name namespace
v1beta1_CustomResourceColumnDefinition: JSONPath description format name priority type
v1beta1_CustomResourceConversion: conversionReviewVersions=- strategy webhookClientConfig=WebhookClientConfig
v1beta1_CustomResourceDefinition: apiVersion kind metadata=ObjectMeta spec=v1beta1_CustomResourceDefinitionSpec status
v1beta1_CustomResourceDefinitionSpec: additionalPrinterColumns=-v1beta1_CustomResourceColumnDefinition conversion=v1beta1_CustomResourceConversion group names=CustomResourceDefinitionNames preserveUnknownFields scope subresources=CustomResourceSubresources validation=v1beta1_CustomResourceValidation version versions=-v1beta1_CustomResourceDefinitionVersion
v1beta1_CustomResourceDefinitionVersion: additionalPrinterColumns=-v1beta1_CustomResourceColumnDefinition deprecated deprecationWarning name schema=v1beta1_CustomResourceValidation served storage subresources=CustomResourceSubresources
v1beta1_CustomResourceValidation: openAPIV3Schema=v1beta1_JSONSchemaProps
v1beta1_Endpoint: addresses=- conditions=EndpointConditions hints=EndpointHints hostname nodeName targetRef=ObjectReference topology=%
v1beta1_EndpointSlice: addressType apiVersion endpoints=-v1beta1_Endpoint kind metadata=ObjectMeta ports=-EndpointPort
v1beta1_JSONSchemaProps: $ref $schema additionalItems additionalProperties allOf=-v1beta1_JSONSchemaProps anyOf=-v1beta1_JSONSchemaProps default definitions=%v1beta1_JSONSchemaProps dependencies=% description enum=- example exclusiveMaximum exclusiveMinimum externalDocs=ExternalDocumentation format id items maxItems maxLength maxProperties maximum minItems minLength minProperties minimum multipleOf not=v1beta1_JSONSchemaProps nullable oneOf=-v1beta1_JSONSchemaProps pattern patternProperties=%v1beta1_JSONSchemaProps properties=%v1beta1_JSONSchemaProps required=- title type uniqueItems x-kubernetes-embedded-resource x-kubernetes-int-or-string x-kubernetes-list-map-keys=- x-kubernetes-list-type x-kubernetes-map-type x-kubernetes-preserve-unknown-fields
v2beta1_HorizontalPodAutoscaler: apiVersion kind metadata=ObjectMeta spec=v2beta1_HorizontalPodAutoscalerSpec status
v2beta1_HorizontalPodAutoscalerSpec: maxReplicas metrics=-MetricSpec minReplicas scaleTargetRef=CrossVersionObjectReference
v2beta2_ContainerResourceMetricSource: container name target=MetricTarget
v2beta2_ExternalMetricSource: metric=MetricIdentifier target=MetricTarget
v2beta2_HorizontalPodAutoscaler: apiVersion kind metadata=ObjectMeta spec=v2beta2_HorizontalPodAutoscalerSpec status
v2beta2_HorizontalPodAutoscalerSpec: behavior=HorizontalPodAutoscalerBehavior maxReplicas metrics=-v2beta2_MetricSpec minReplicas scaleTargetRef=CrossVersionObjectReference
v2beta2_MetricSpec: containerResource=v2beta2_ContainerResourceMetricSource external=v2beta2_ExternalMetricSource object=v2beta2_ObjectMetricSource pods=v2beta2_PodsMetricSource resource=v2beta2_ResourceMetricSource type
v2beta2_ObjectMetricSource: describedObject=CrossVersionObjectReference metric=MetricIdentifier target=MetricTarget
v2beta2_PodsMetricSource: metric=MetricIdentifier target=MetricTarget
v2beta2_ResourceMetricSource: name target=MetricTarget
`;
