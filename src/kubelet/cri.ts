/** The container runtime as the kubelet sees it (CRI v1, in its words): the seam between deciding and running. */

export type NamespaceMode = 'POD' | 'CONTAINER' | 'NODE' | 'TARGET';
export interface NamespaceOption {
  readonly network: NamespaceMode;
  readonly pid: NamespaceMode;
  readonly ipc: NamespaceMode;
  readonly targetId?: string;
}
export interface SecurityProfile {
  readonly profileType: 'RuntimeDefault' | 'Unconfined' | 'Localhost';
  readonly localhostRef?: string;
}
export interface LinuxContainerResources {
  readonly cpuPeriod?: number;
  readonly cpuQuota?: number;
  readonly cpuShares?: number;
  readonly memoryLimitInBytes?: number;
  readonly memorySwapLimitInBytes?: number;
  readonly oomScoreAdj?: number;
  readonly unified?: Readonly<Record<string, string>>;
}
export interface Int64Value {
  readonly value: number;
}
export interface SandboxConfig {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly namespace: string;
    readonly attempt: number;
  };
  readonly hostname?: string;
  readonly logDirectory: string;
  readonly dnsConfig: DnsConfig;
  readonly portMappings: readonly {
    readonly protocol: 'TCP' | 'UDP' | 'SCTP';
    readonly containerPort: number;
    readonly hostPort: number;
    readonly hostIp?: string;
  }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly linux: {
    readonly cgroupParent: string;
    readonly sysctls: Readonly<Record<string, string>>;
    readonly securityContext: {
      readonly namespaceOptions: NamespaceOption;
      readonly runAsUser?: Int64Value;
      readonly runAsGroup?: Int64Value;
      readonly readonlyRootfs?: boolean;
      readonly supplementalGroups: readonly number[];
      readonly privileged: boolean;
      readonly seccomp?: SecurityProfile;
    };
  };
}
export interface DnsConfig {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}
export interface RuntimeMount {
  readonly containerPath: string;
  readonly hostPath: string;
  readonly readonly?: boolean;
  readonly propagation?: 'PROPAGATION_PRIVATE' | 'PROPAGATION_HOST_TO_CONTAINER' | 'PROPAGATION_BIDIRECTIONAL';
}
export interface ContainerConfig {
  readonly metadata: { readonly name: string; readonly attempt: number };
  readonly image: { readonly image: string; readonly userSpecifiedImage?: string };
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly workingDir: string;
  readonly envs: readonly { readonly key: string; readonly value: string }[];
  readonly mounts: readonly RuntimeMount[];
  readonly devices: readonly {
    readonly containerPath: string;
    readonly hostPath: string;
    readonly permissions: string;
  }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly logPath: string;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly linux: {
    readonly resources: LinuxContainerResources;
    readonly securityContext: {
      readonly capabilities?: {
        readonly addCapabilities: readonly string[];
        readonly dropCapabilities: readonly string[];
      };
      readonly privileged: boolean;
      readonly namespaceOptions: NamespaceOption;
      readonly runAsUser?: Int64Value;
      readonly runAsGroup?: Int64Value;
      readonly runAsUsername?: string;
      readonly readonlyRootfs: boolean;
      readonly supplementalGroups: readonly number[];
      readonly supplementalGroupsPolicy?: 'Merge' | 'Strict';
      readonly noNewPrivs: boolean;
      readonly maskedPaths: readonly string[];
      readonly readonlyPaths: readonly string[];
      readonly seccomp?: SecurityProfile;
      readonly apparmor?: SecurityProfile;
    };
  };
}

export interface SandboxSummary {
  readonly id: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly namespace: string;
    readonly attempt: number;
  };
  readonly ready: boolean;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
}
export interface SandboxStatus extends SandboxSummary {
  /** Primary first; empty for a pod on the node's network. */
  readonly ips: readonly string[];
  readonly network: NamespaceMode;
}
export type ContainerState = 'created' | 'running' | 'exited' | 'unknown';
export interface ContainerSummary {
  readonly id: string;
  readonly sandboxId: string;
  readonly name: string;
  readonly attempt: number;
  readonly state: ContainerState;
  readonly createdAt: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly imageRef: string;
}
export interface ContainerStatus {
  readonly id: string;
  readonly name: string;
  readonly attempt: number;
  readonly state: ContainerState;
  readonly createdAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  readonly image: string;
  readonly imageRef: string;
  readonly reason: string;
  readonly message: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly mounts: readonly RuntimeMount[];
  readonly logPath: string;
  readonly resources?: LinuxContainerResources;
  readonly user?: { readonly uid: number; readonly gid: number; readonly supplementalGroups: readonly number[] };
}
export interface ContainerStats {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly cpuNanoSeconds: number;
  readonly workingSetBytes: number;
  readonly usageBytes: number;
  readonly rssBytes: number;
  readonly pageFaults: number;
  readonly majorPageFaults: number;
  readonly writableLayerBytes: number;
  readonly writableLayerInodes: number;
}
export interface RuntimeImage {
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly size: number;
  /** Numeric user the image names, if it does. */
  readonly uid?: number;
  readonly username: string;
  readonly pinned: boolean;
}
export interface AuthConfig {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly identityToken?: string;
  readonly registryToken?: string;
  readonly serverAddress?: string;
}
export interface RuntimeConditions {
  readonly runtimeReady: boolean;
  readonly networkReady: boolean;
  /** Why not, as the runtime says it. */
  readonly message: string;
}
export interface ExecResult {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly exitCode: number;
}
export type StreamRequest =
  | {
      readonly kind: 'exec';
      readonly containerId: string;
      readonly cmd: readonly string[];
      readonly tty: boolean;
      readonly stdin: boolean;
      readonly stdout: boolean;
      readonly stderr: boolean;
    }
  | {
      readonly kind: 'attach';
      readonly containerId: string;
      readonly tty: boolean;
      readonly stdin: boolean;
      readonly stdout: boolean;
      readonly stderr: boolean;
    }
  | { readonly kind: 'portforward'; readonly sandboxId: string };

const codeNames =
  'OK Canceled Unknown InvalidArgument DeadlineExceeded NotFound AlreadyExists PermissionDenied ResourceExhausted FailedPrecondition Aborted OutOfRange Unimplemented Internal Unavailable DataLoss Unauthenticated'.split(
    ' ',
  );

/** What a failed call says: the gRPC code and the runtime's words. */
export class RuntimeError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = 'RuntimeError';
    this.code = code;
  }
  /** As Go's grpc prints it, which is what events of sandboxes and pulls show. */
  get rpcText(): string {
    return `rpc error: code = ${codeNames[this.code] ?? this.code} desc = ${this.message}`;
  }
  get notFound(): boolean {
    return this.code === 5;
  }
  get deadlineExceeded(): boolean {
    return this.code === 4;
  }
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** Every method throws RuntimeError. Stop and remove of what is gone succeed. */
export interface ContainerRuntime {
  version(): Promise<{ readonly name: string; readonly version: string }>;
  status(): Promise<RuntimeConditions>;
  list(): Promise<{ readonly sandboxes: readonly SandboxSummary[]; readonly containers: readonly ContainerSummary[] }>;
  /** `handler`: a RuntimeClass's; the runtime's default when absent or ''. */
  runSandbox(config: SandboxConfig, options?: CallOptions & { readonly handler?: string }): Promise<string>;
  sandboxStatus(id: string): Promise<SandboxStatus>;
  stopSandbox(id: string): Promise<void>;
  removeSandbox(id: string): Promise<void>;
  createContainer(sandboxId: string, config: ContainerConfig, sandbox: SandboxConfig): Promise<string>;
  startContainer(id: string): Promise<void>;
  containerStatus(id: string): Promise<ContainerStatus>;
  /** Signals, waits `timeoutSeconds`, kills. */
  stopContainer(id: string, timeoutSeconds: number, options?: CallOptions): Promise<void>;
  removeContainer(id: string): Promise<void>;
  updateResources(id: string, resources: LinuxContainerResources): Promise<void>;
  reopenLog(id: string): Promise<void>;
  /** Rejects with deadlineExceeded when it takes longer than `timeoutMs`. */
  exec(id: string, cmd: readonly string[], timeoutMs: number): Promise<ExecResult>;
  /** A URL to be used once, on this host. */
  stream(request: StreamRequest): Promise<string>;
  stats(): Promise<readonly ContainerStats[]>;
  readonly images: ImageStore;
  /** Container ids whose state just changed; ends when the runtime cannot tell or the signal aborts. */
  changes(signal: AbortSignal): AsyncIterable<string>;
  close(): void;
}

export interface ImageStore {
  list(): Promise<readonly RuntimeImage[]>;
  status(image: string): Promise<RuntimeImage | undefined>;
  pull(image: string, auth: AuthConfig | undefined, sandbox: SandboxConfig, options?: CallOptions): Promise<string>;
  remove(image: string): Promise<void>;
  fsInfo(): Promise<{ readonly mountpoint: string; readonly usedBytes: number }>;
  /** Mounts the files of an image on the node, read-only. */
  mount(imageRef: string, target: string): Promise<void>;
  unmount(target: string): Promise<void>;
}
