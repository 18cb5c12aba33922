/** What the rooms of the kubelet need to know of how it was started. */

export interface KubeletSettings {
  readonly nodeName: string;
  readonly hostname: string;
  readonly nodeIPs: readonly string[];
  /** pods/, plugins/ … live below it: /var/lib/kubelet. */
  readonly rootDir: string;
  /** /var/log/pods */
  readonly podLogsDir: string;
  /** /var/log/containers: symlinks for log collectors; undefined = none. */
  readonly containerLogsDir: string | undefined;
  readonly clusterDNS: readonly string[];
  readonly clusterDomain: string;
  /** The node's resolv.conf that pods inherit; '' = none. */
  readonly resolvConf: string;
  /** Above /kubepods; '' = the root of the hierarchy. */
  readonly cgroupRoot: string;
  readonly maxPods: number;
  readonly podPidsLimit: number;
  readonly containerLogMaxBytes: number;
  readonly containerLogMaxFiles: number;
  readonly version: string;
}

export const podDir = (s: KubeletSettings, uid: string): string => `${s.rootDir}/pods/${uid}`;
