/** What controllers can be told: names and defaults are kube-controller-manager's flags. */

export interface ControllerOptions {
  /** Pod networks, IPv4 and IPv6; each node gets a part of each. Absent = nodes get none from here. */
  readonly clusterCidrs?: readonly string[];
  /** Prefix length of a node's part: 24 for IPv4, 64 for IPv6. */
  readonly nodeCidrMaskSizeIPv4?: number;
  readonly nodeCidrMaskSizeIPv6?: number;
  /** PEM that every namespace gets as kube-root-ca.crt, and token Secrets as ca.crt. */
  readonly rootCa?: string;
  /** PEM private key that signs the tokens of token Secrets. Absent = such Secrets are not filled. */
  readonly serviceAccountKey?: string;
  /** How long a node may be silent before it counts as unreachable. */
  readonly nodeMonitorGracePeriodMs?: number;
  readonly nodeMonitorPeriodMs?: number;
  readonly nodeStartupGracePeriodMs?: number;
  readonly nodeEvictionRate?: number;
  readonly secondaryNodeEvictionRate?: number;
  readonly largeClusterSizeThreshold?: number;
  readonly unhealthyZoneThreshold?: number;
  /** Finished pods beyond so many are deleted, oldest first; 0 = none. */
  readonly terminatedPodGcThreshold?: number;
  readonly maxEndpointsPerSlice?: number;
}
