/** Named string sets of io.k8s.api.core.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const AppArmorProfileType = {
  name: 'io.k8s.api.core.v1.AppArmorProfileType',
  closed: true,
  values: ['Unconfined', 'RuntimeDefault', 'Localhost'],
} as const satisfies Enum;
export const AzureDataDiskCachingMode = {
  name: 'io.k8s.api.core.v1.AzureDataDiskCachingMode',
  closed: true,
  values: ['None', 'ReadOnly', 'ReadWrite'],
} as const satisfies Enum;
export const AzureDataDiskKind = {
  name: 'io.k8s.api.core.v1.AzureDataDiskKind',
  closed: true,
  values: ['Shared', 'Dedicated', 'Managed'],
} as const satisfies Enum;
export const ClaimResourceStatus = {
  name: 'io.k8s.api.core.v1.ClaimResourceStatus',
  closed: true,
  values: [
    'ControllerResizeInProgress',
    'ControllerResizeInfeasible',
    'NodeResizePending',
    'NodeResizeInProgress',
    'NodeResizeInfeasible',
  ],
} as const satisfies Enum;
export const ComponentConditionType = {
  name: 'io.k8s.api.core.v1.ComponentConditionType',
  closed: false,
  values: ['Healthy'],
} as const satisfies Enum;
export const ConditionStatus = {
  name: 'io.k8s.api.core.v1.ConditionStatus',
  closed: false,
  values: ['True', 'False', 'Unknown'],
} as const satisfies Enum;
export const ContainerRestartPolicy = {
  name: 'io.k8s.api.core.v1.ContainerRestartPolicy',
  closed: false,
  values: ['Always', 'Never', 'OnFailure'],
} as const satisfies Enum;
export const ContainerRestartRuleAction = {
  name: 'io.k8s.api.core.v1.ContainerRestartRuleAction',
  closed: false,
  values: ['Restart', 'RestartAllContainers'],
} as const satisfies Enum;
export const ContainerRestartRuleOnExitCodesOperator = {
  name: 'io.k8s.api.core.v1.ContainerRestartRuleOnExitCodesOperator',
  closed: false,
  values: ['In', 'NotIn'],
} as const satisfies Enum;
export const DNSPolicy = {
  name: 'io.k8s.api.core.v1.DNSPolicy',
  closed: true,
  values: ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
} as const satisfies Enum;
export const FinalizerName = {
  name: 'io.k8s.api.core.v1.FinalizerName',
  closed: false,
  values: ['kubernetes'],
} as const satisfies Enum;
export const HostPathType = {
  name: 'io.k8s.api.core.v1.HostPathType',
  closed: true,
  values: ['', 'DirectoryOrCreate', 'Directory', 'FileOrCreate', 'File', 'Socket', 'CharDevice', 'BlockDevice'],
} as const satisfies Enum;
export const IPFamily = {
  name: 'io.k8s.api.core.v1.IPFamily',
  closed: true,
  values: ['IPv4', 'IPv6', ''],
} as const satisfies Enum;
export const IPFamilyPolicy = {
  name: 'io.k8s.api.core.v1.IPFamilyPolicy',
  closed: true,
  values: ['SingleStack', 'PreferDualStack', 'RequireDualStack'],
} as const satisfies Enum;
export const LimitType = {
  name: 'io.k8s.api.core.v1.LimitType',
  closed: false,
  values: ['Pod', 'Container', 'PersistentVolumeClaim'],
} as const satisfies Enum;
export const LoadBalancerIPMode = {
  name: 'io.k8s.api.core.v1.LoadBalancerIPMode',
  closed: false,
  values: ['VIP', 'Proxy'],
} as const satisfies Enum;
export const MountPropagationMode = {
  name: 'io.k8s.api.core.v1.MountPropagationMode',
  closed: true,
  values: ['None', 'HostToContainer', 'Bidirectional'],
} as const satisfies Enum;
export const NamespaceConditionType = {
  name: 'io.k8s.api.core.v1.NamespaceConditionType',
  closed: false,
  values: [
    'NamespaceDeletionDiscoveryFailure',
    'NamespaceDeletionContentFailure',
    'NamespaceDeletionGroupVersionParsingFailure',
    'NamespaceContentRemaining',
    'NamespaceFinalizersRemaining',
  ],
} as const satisfies Enum;
export const NamespacePhase = {
  name: 'io.k8s.api.core.v1.NamespacePhase',
  closed: true,
  values: ['Active', 'Terminating'],
} as const satisfies Enum;
export const NodeAddressType = {
  name: 'io.k8s.api.core.v1.NodeAddressType',
  closed: false,
  values: ['Hostname', 'InternalIP', 'ExternalIP', 'InternalDNS', 'ExternalDNS'],
} as const satisfies Enum;
export const NodeConditionType = {
  name: 'io.k8s.api.core.v1.NodeConditionType',
  closed: false,
  values: ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'],
} as const satisfies Enum;
export const NodeInclusionPolicy = {
  name: 'io.k8s.api.core.v1.NodeInclusionPolicy',
  closed: true,
  values: ['Ignore', 'Honor'],
} as const satisfies Enum;
export const NodePhase = {
  name: 'io.k8s.api.core.v1.NodePhase',
  closed: true,
  values: ['Pending', 'Running', 'Terminated'],
} as const satisfies Enum;
export const NodeSelectorOperator = {
  name: 'io.k8s.api.core.v1.NodeSelectorOperator',
  closed: true,
  values: ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'],
} as const satisfies Enum;
export const OSName = {
  name: 'io.k8s.api.core.v1.OSName',
  closed: false,
  values: ['linux', 'windows'],
} as const satisfies Enum;
export const PersistentVolumeAccessMode = {
  name: 'io.k8s.api.core.v1.PersistentVolumeAccessMode',
  closed: true,
  values: ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'],
} as const satisfies Enum;
export const PersistentVolumeClaimConditionType = {
  name: 'io.k8s.api.core.v1.PersistentVolumeClaimConditionType',
  closed: false,
  values: [
    'Resizing',
    'FileSystemResizePending',
    'ControllerResizeError',
    'NodeResizeError',
    'ModifyVolumeError',
    'ModifyingVolume',
    'Unused',
  ],
} as const satisfies Enum;
export const PersistentVolumeClaimModifyVolumeStatus = {
  name: 'io.k8s.api.core.v1.PersistentVolumeClaimModifyVolumeStatus',
  closed: true,
  values: ['Pending', 'InProgress', 'Infeasible'],
} as const satisfies Enum;
export const PersistentVolumeClaimPhase = {
  name: 'io.k8s.api.core.v1.PersistentVolumeClaimPhase',
  closed: true,
  values: ['Pending', 'Bound', 'Lost'],
} as const satisfies Enum;
export const PersistentVolumeMode = {
  name: 'io.k8s.api.core.v1.PersistentVolumeMode',
  closed: true,
  values: ['Block', 'Filesystem'],
} as const satisfies Enum;
export const PersistentVolumePhase = {
  name: 'io.k8s.api.core.v1.PersistentVolumePhase',
  closed: true,
  values: ['Pending', 'Available', 'Bound', 'Released', 'Failed'],
} as const satisfies Enum;
export const PersistentVolumeReclaimPolicy = {
  name: 'io.k8s.api.core.v1.PersistentVolumeReclaimPolicy',
  closed: true,
  values: ['Recycle', 'Delete', 'Retain'],
} as const satisfies Enum;
export const PodConditionType = {
  name: 'io.k8s.api.core.v1.PodConditionType',
  closed: false,
  values: [
    'ContainersReady',
    'Initialized',
    'Ready',
    'PodScheduled',
    'DisruptionTarget',
    'PodReadyToStartContainers',
    'PodResizePending',
    'PodResizeInProgress',
    'AllContainersRestarting',
  ],
} as const satisfies Enum;
export const PodFSGroupChangePolicy = {
  name: 'io.k8s.api.core.v1.PodFSGroupChangePolicy',
  closed: true,
  values: ['OnRootMismatch', 'Always'],
} as const satisfies Enum;
export const PodPhase = {
  name: 'io.k8s.api.core.v1.PodPhase',
  closed: true,
  values: ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'],
} as const satisfies Enum;
export const PodQOSClass = {
  name: 'io.k8s.api.core.v1.PodQOSClass',
  closed: true,
  values: ['Guaranteed', 'Burstable', 'BestEffort'],
} as const satisfies Enum;
export const PodResizeStatus = {
  name: 'io.k8s.api.core.v1.PodResizeStatus',
  closed: false,
  values: ['InProgress', 'Deferred', 'Infeasible'],
} as const satisfies Enum;
export const PodSELinuxChangePolicy = {
  name: 'io.k8s.api.core.v1.PodSELinuxChangePolicy',
  closed: false,
  values: ['Recursive', 'MountOption'],
} as const satisfies Enum;
export const PreemptionPolicy = {
  name: 'io.k8s.api.core.v1.PreemptionPolicy',
  closed: true,
  values: ['PreemptLowerPriority', 'Never'],
} as const satisfies Enum;
export const ProcMountType = {
  name: 'io.k8s.api.core.v1.ProcMountType',
  closed: true,
  values: ['Default', 'Unmasked'],
} as const satisfies Enum;
export const Protocol = {
  name: 'io.k8s.api.core.v1.Protocol',
  closed: true,
  values: ['TCP', 'UDP', 'SCTP'],
} as const satisfies Enum;
export const PullPolicy = {
  name: 'io.k8s.api.core.v1.PullPolicy',
  closed: true,
  values: ['Always', 'Never', 'IfNotPresent'],
} as const satisfies Enum;
export const RecursiveReadOnlyMode = {
  name: 'io.k8s.api.core.v1.RecursiveReadOnlyMode',
  closed: false,
  values: ['Disabled', 'IfPossible', 'Enabled'],
} as const satisfies Enum;
export const ReplicationControllerConditionType = {
  name: 'io.k8s.api.core.v1.ReplicationControllerConditionType',
  closed: false,
  values: ['ReplicaFailure'],
} as const satisfies Enum;
export const ResourceHealthStatus = {
  name: 'io.k8s.api.core.v1.ResourceHealthStatus',
  closed: false,
  values: ['Healthy', 'Unhealthy', 'Unknown'],
} as const satisfies Enum;
export const ResourceName = {
  name: 'io.k8s.api.core.v1.ResourceName',
  closed: false,
  values: [
    'cpu',
    'memory',
    'storage',
    'ephemeral-storage',
    'pods',
    'services',
    'replicationcontrollers',
    'resourcequotas',
    'secrets',
    'configmaps',
    'persistentvolumeclaims',
    'services.nodeports',
    'services.loadbalancers',
    'requests.cpu',
    'requests.memory',
    'requests.storage',
    'requests.ephemeral-storage',
    'limits.cpu',
    'limits.memory',
    'limits.ephemeral-storage',
  ],
} as const satisfies Enum;
export const ResourceQuotaScope = {
  name: 'io.k8s.api.core.v1.ResourceQuotaScope',
  closed: true,
  values: [
    'Terminating',
    'NotTerminating',
    'BestEffort',
    'NotBestEffort',
    'PriorityClass',
    'CrossNamespacePodAffinity',
    'VolumeAttributesClass',
  ],
} as const satisfies Enum;
export const ResourceResizeRestartPolicy = {
  name: 'io.k8s.api.core.v1.ResourceResizeRestartPolicy',
  closed: false,
  values: ['NotRequired', 'RestartContainer'],
} as const satisfies Enum;
export const RestartPolicy = {
  name: 'io.k8s.api.core.v1.RestartPolicy',
  closed: true,
  values: ['Always', 'OnFailure', 'Never'],
} as const satisfies Enum;
export const ScopeSelectorOperator = {
  name: 'io.k8s.api.core.v1.ScopeSelectorOperator',
  closed: true,
  values: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
} as const satisfies Enum;
export const SeccompProfileType = {
  name: 'io.k8s.api.core.v1.SeccompProfileType',
  closed: true,
  values: ['Unconfined', 'RuntimeDefault', 'Localhost'],
} as const satisfies Enum;
export const SecretType = {
  name: 'io.k8s.api.core.v1.SecretType',
  closed: false,
  values: [
    'Opaque',
    'kubernetes.io/service-account-token',
    'kubernetes.io/dockercfg',
    'kubernetes.io/dockerconfigjson',
    'kubernetes.io/basic-auth',
    'kubernetes.io/ssh-auth',
    'kubernetes.io/tls',
    'bootstrap.kubernetes.io/token',
  ],
} as const satisfies Enum;
export const ServiceAffinity = {
  name: 'io.k8s.api.core.v1.ServiceAffinity',
  closed: true,
  values: ['ClientIP', 'None'],
} as const satisfies Enum;
export const ServiceExternalTrafficPolicy = {
  name: 'io.k8s.api.core.v1.ServiceExternalTrafficPolicy',
  closed: true,
  values: ['Cluster', 'Local'],
} as const satisfies Enum;
export const ServiceInternalTrafficPolicy = {
  name: 'io.k8s.api.core.v1.ServiceInternalTrafficPolicy',
  closed: true,
  values: ['Cluster', 'Local'],
} as const satisfies Enum;
export const ServiceType = {
  name: 'io.k8s.api.core.v1.ServiceType',
  closed: true,
  values: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
} as const satisfies Enum;
export const Signal = {
  name: 'io.k8s.api.core.v1.Signal',
  closed: true,
  values: [
    'SIGABRT',
    'SIGALRM',
    'SIGBUS',
    'SIGCHLD',
    'SIGCLD',
    'SIGCONT',
    'SIGFPE',
    'SIGHUP',
    'SIGILL',
    'SIGINT',
    'SIGIO',
    'SIGIOT',
    'SIGKILL',
    'SIGPIPE',
    'SIGPOLL',
    'SIGPROF',
    'SIGPWR',
    'SIGQUIT',
    'SIGSEGV',
    'SIGSTKFLT',
    'SIGSTOP',
    'SIGSYS',
    'SIGTERM',
    'SIGTRAP',
    'SIGTSTP',
    'SIGTTIN',
    'SIGTTOU',
    'SIGURG',
    'SIGUSR1',
    'SIGUSR2',
    'SIGVTALRM',
    'SIGWINCH',
    'SIGXCPU',
    'SIGXFSZ',
    'SIGRTMIN',
    'SIGRTMIN+1',
    'SIGRTMIN+2',
    'SIGRTMIN+3',
    'SIGRTMIN+4',
    'SIGRTMIN+5',
    'SIGRTMIN+6',
    'SIGRTMIN+7',
    'SIGRTMIN+8',
    'SIGRTMIN+9',
    'SIGRTMIN+10',
    'SIGRTMIN+11',
    'SIGRTMIN+12',
    'SIGRTMIN+13',
    'SIGRTMIN+14',
    'SIGRTMIN+15',
    'SIGRTMAX-14',
    'SIGRTMAX-13',
    'SIGRTMAX-12',
    'SIGRTMAX-11',
    'SIGRTMAX-10',
    'SIGRTMAX-9',
    'SIGRTMAX-8',
    'SIGRTMAX-7',
    'SIGRTMAX-6',
    'SIGRTMAX-5',
    'SIGRTMAX-4',
    'SIGRTMAX-3',
    'SIGRTMAX-2',
    'SIGRTMAX-1',
    'SIGRTMAX',
  ],
} as const satisfies Enum;
export const StorageMedium = {
  name: 'io.k8s.api.core.v1.StorageMedium',
  closed: false,
  values: ['', 'Memory', 'HugePages', 'HugePages-'],
} as const satisfies Enum;
export const SupplementalGroupsPolicy = {
  name: 'io.k8s.api.core.v1.SupplementalGroupsPolicy',
  closed: true,
  values: ['Merge', 'Strict'],
} as const satisfies Enum;
export const TaintEffect = {
  name: 'io.k8s.api.core.v1.TaintEffect',
  closed: true,
  values: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
} as const satisfies Enum;
export const TerminationMessagePolicy = {
  name: 'io.k8s.api.core.v1.TerminationMessagePolicy',
  closed: true,
  values: ['File', 'FallbackToLogsOnError'],
} as const satisfies Enum;
export const TolerationOperator = {
  name: 'io.k8s.api.core.v1.TolerationOperator',
  closed: true,
  values: ['Exists', 'Equal', 'Lt', 'Gt'],
} as const satisfies Enum;
export const URIScheme = {
  name: 'io.k8s.api.core.v1.URIScheme',
  closed: true,
  values: ['HTTP', 'HTTPS'],
} as const satisfies Enum;
export const UnsatisfiableConstraintAction = {
  name: 'io.k8s.api.core.v1.UnsatisfiableConstraintAction',
  closed: true,
  values: ['DoNotSchedule', 'ScheduleAnyway'],
} as const satisfies Enum;
