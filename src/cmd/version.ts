/** What the cluster says it is: `/version`, the kubelet's version, `--version`. */

/** apimachinery's version.Info. The API is that of v1.36.3; the build is ours. */
export const version = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3+k8ts',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-11-23T00:00:00Z',
  goVersion: 'none',
  compiler: 'node',
  platform: `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`,
} as const;
