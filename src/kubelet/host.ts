/** The machine as the kubelet sees it: files, mounts, cgroups, facts. One of its two edges (the other is cri.ts). */
import type { CgroupTree } from './host/cgroups.ts';

export interface MachineFacts {
  readonly machineID: string;
  readonly systemUUID: string;
  readonly bootID: string;
  readonly kernelVersion: string;
  readonly osImage: string;
  /** Go's word: amd64, arm64. */
  readonly architecture: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly swapBytes: number;
  /** Largest pid. */
  readonly pidMax: number;
  readonly apparmor: boolean;
}
export interface FilesystemUse {
  readonly totalBytes: number;
  readonly availableBytes: number;
  readonly inodes: number;
  readonly inodesFree: number;
}
export interface MemoryUse {
  readonly availableBytes: number;
  readonly usageBytes: number;
  readonly workingSetBytes: number;
  readonly rssBytes: number;
  readonly pageFaults: number;
  readonly majorPageFaults: number;
}

export interface Host {
  readonly fs: typeof import('node:fs/promises');
  readonly cgroups: CgroupTree;
  facts(): Promise<MachineFacts>;
  /** Mount points at or below `path`, deepest first. */
  mountsBelow(path: string): Promise<readonly string[]>;
  mountTmpfs(path: string, sizeBytes?: number): Promise<void>;
  bindMount(source: string, target: string): Promise<void>;
  unmount(path: string): Promise<void>;
  /** A bind mount at `target` of what lies at `subPath` in `volume`, which symlinks cannot lead out of. */
  bindSubPath(volume: string, subPath: string, target: string): Promise<void>;
  diskUsage(path: string): Promise<FilesystemUse>;
  /** Bytes and inodes of a tree (du). */
  treeUsage(path: string): Promise<{ readonly bytes: number; readonly inodes: number }>;
  nodeMemory(): Promise<MemoryUse>;
  /** Nanoseconds of cpu the machine has used. */
  nodeCpuNanoSeconds(): Promise<number>;
  processCount(): Promise<number>;
  /** Bytes of an interface of this network namespace, or of a process's. */
  networkBytes(pid?: number): Promise<
    readonly {
      readonly name: string;
      readonly rx: number;
      readonly tx: number;
      readonly rxErrors: number;
      readonly txErrors: number;
    }[]
  >;
  /** Bind mounts may propagate: `/` is a shared mount. */
  isShared(path: string): Promise<boolean>;
}
